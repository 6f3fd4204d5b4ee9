using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Libbpf;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.Bpf.Pinning;

/// <summary>
/// A node's pins are one process's at a time: two would write the same maps, each against the other. Held until it is disposed, or the
/// process ends in whatever way.
/// </summary>
public sealed class PinLock : IDisposable
{
    private readonly SafeFileHandle _directory;

    private PinLock(SafeFileHandle directory) => _directory = directory;

    /// <summary>Makes the directory if there is none.</summary>
    /// <exception cref="UnsupportedKernelException">It would be in no BPF file system.</exception>
    /// <exception cref="IOException">Another process has it, or it cannot be opened; nothing has changed.</exception>
    public static PinLock Take(string directory)
    {
        BpfFileSystem.Ensure(directory);
        BpfFileSystem.MakeDirectory(directory);
        var descriptor = LibC.Open(directory, LibC.ReadOnlyCloseOnExec);
        if (descriptor < 0) throw new IOException($"pin directory {directory}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (LibC.Lock(descriptor, LibC.LockExclusiveNow) == 0) return new(handle);
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw new IOException(error == Errno.WouldBlock
            ? $"pin directory {directory} is in use by another agent: a node has one; stop that one first, or give this one another --node or --bpf-root"
            : $"pin directory {directory} cannot be locked: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public void Dispose() => _directory.Dispose();
}
