using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Maps;

/// <summary>
/// An array of numbers that programs and this process have in common memory: written without a system call. Several numbers may make an
/// element; the kernel rounds the elements themselves up to 8 bytes.
/// </summary>
internal sealed unsafe class SharedArray : IDisposable
{
    private readonly nuint _bytes;
    private readonly int _length;
    private nint _start;

    /// <exception cref="BpfException">The map is not one that can be shared.</exception>
    public SharedArray(BpfMap map)
    {
        if (map.Shape.ValueSize % sizeof(ulong) != 0) throw new InvalidOperationException($"map {map.Name}: elements of {map.Shape.ValueSize} bytes have gaps between them");
        _bytes = map.Shape.MaxEntries * map.Shape.ValueSize;
        _length = (int)(_bytes / sizeof(uint));
        _start = LibC.Map(0, _bytes, LibC.ProtectRead | LibC.ProtectWrite, LibC.MapShared, map.Descriptor, 0);
        if (_start == -1) throw new BpfException($"map {map.Name}: share its memory", Marshal.GetLastPInvokeError());
    }

    public Span<uint> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start == 0, this);
            return new((uint*)_start, _length);
        }
    }

    public void Dispose()
    {
        if (_start != 0) _ = LibC.Unmap(_start, _bytes);
        _start = 0;
    }
}
