using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>An interface whose other end is this process (tuntap.txt of the kernel): whole frames, checksummed, none larger than its MTU. It ends with us.</summary>
internal sealed class TapDevice : IDisposable
{
    private const int NameSize = 16, RequestSize = 40;
    private const ushort Tap = 0x0002, NoPacketInfo = 0x1000;
    private const nuint SetInterface = 0x4004_54ca;
    private const short Readable = 1;

    private readonly SafeFileHandle _file;

    private TapDevice(SafeFileHandle file) => _file = file;

    /// <exception cref="LabException">The kernel has no tun device, or refuses.</exception>
    public static TapDevice Open(NetworkNamespace netns, string name) => netns.Run(() =>
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"a link with delay or loss needs /dev/net/tun: {error.Message}", error);
        }

        var request = new byte[RequestSize];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(NameSize), (ushort)(Tap | NoPacketInfo));
        if (Control(file, SetInterface, request) == 0) return new TapDevice(file);
        file.Dispose();
        throw new LabException($"cannot make the interface {name}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    });

    /// <returns>The length of the frame; 0 = none came in that time.</returns>
    public int Read(byte[] frame, TimeSpan within)
    {
        var entry = new PollEntry { File = (int)_file.DangerousGetHandle(), Events = Readable };
        return Poll(ref entry, 1, (int)within.TotalMilliseconds) > 0 ? (int)Math.Max(0, Read(_file, frame, (nuint)frame.Length)) : 0;
    }

    /// <summary>A frame that cannot be taken is lost, as on any wire.</summary>
    public void Write(ReadOnlySpan<byte> frame) => _ = Write(_file, in MemoryMarshal.GetReference(frame), (nuint)frame.Length);

    public void Dispose() => _file.Dispose();

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Control(SafeFileHandle file, nuint request, byte[] argument);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static extern int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(SafeFileHandle file, byte[] buffer, nuint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(SafeFileHandle file, in byte buffer, nuint count);

    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Occurred;
    }
}
