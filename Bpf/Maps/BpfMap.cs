using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Libbpf;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.Bpf.Maps;

/// <summary>A map in the kernel, of whatever kind: it lives as long as somebody holds it, a program uses it or a pin names it.</summary>
internal sealed class BpfMap : IDisposable
{
    private readonly SafeFileHandle _handle;

    private BpfMap(string name, int descriptor)
    {
        Name = name;
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Shape = MapShape.OfLoaded(descriptor, name);
    }

    public string Name { get; }

    public MapShape Shape { get; }

    public int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>A second descriptor for the map of an object, that outlives the object.</summary>
    public static BpfMap Share(string name, int descriptor)
    {
        var own = LibC.Control(descriptor, LibC.DuplicateCloseOnExec, 0);
        return own < 0 ? throw new BpfException($"map {name}: duplicate its descriptor", Marshal.GetLastPInvokeError()) : new BpfMap(name, own);
    }

    /// <summary>Null where nothing is pinned.</summary>
    public static BpfMap? OpenPinned(string name, string path)
    {
        var descriptor = NativeMap.OpenPin(path);
        if (descriptor == -Errno.NoEntry) return null;
        return descriptor < 0 ? throw new BpfException($"map {name}: open {path}", -descriptor) : new BpfMap(name, descriptor);
    }

    /// <summary>With no right to write. Null where nothing is pinned.</summary>
    public static unsafe BpfMap? OpenPinnedToRead(string name, string path)
    {
        var options = new PinOpenOptions { Size = (nuint)sizeof(PinOpenOptions), FileFlags = PinOpenOptions.ReadOnly };
        var descriptor = NativeMap.OpenPin(path, &options);
        if (descriptor == -Errno.NoEntry) return null;
        return descriptor < 0 ? throw new BpfException($"map {name}: open {path} to read", -descriptor) : new BpfMap(name, descriptor);
    }

    /// <summary>By the kernel's number, as an outer map gives it; null when it has gone since.</summary>
    public static BpfMap? OpenById(string name, uint id)
    {
        var descriptor = NativeMap.OpenById(id);
        if (descriptor == -Errno.NoEntry) return null;
        return descriptor < 0 ? throw new BpfException($"map {name}: open number {id}", -descriptor) : new BpfMap(name, descriptor);
    }

    public static unsafe BpfMap Create(string name, MapShape shape)
    {
        var options = new MapCreateOptions { Size = (nuint)sizeof(MapCreateOptions), Flags = shape.Flags };
        var descriptor = NativeMap.Create((uint)shape.Type, name, shape.KeySize, shape.ValueSize, shape.MaxEntries, &options);
        return descriptor < 0 ? throw new BpfException($"map {name}: create", -descriptor) : new BpfMap(name, descriptor);
    }

    /// <summary>The kernel's number of it, never given twice.</summary>
    public unsafe uint Id
    {
        get
        {
            MapDescription description;
            var size = (uint)sizeof(MapDescription);
            var error = NativeMap.Describe(Descriptor, &description, &size);
            return error < 0 ? throw new BpfException($"map {Name}: describe", -error) : description.Id;
        }
    }

    public void Pin(string path)
    {
        var error = NativeMap.Pin(Descriptor, path);
        if (error < 0) throw new BpfException($"map {Name}: pin at {path}", -error);
    }

    public void Dispose() => _handle.Dispose();
}
