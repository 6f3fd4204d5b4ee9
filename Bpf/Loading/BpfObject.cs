using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;
using ClusterMesh.Bpf.Maps;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Bpf.Loading;

/// <summary>One built object: opened, given its settings and the shared maps, then loaded. Its programs live while it is not disposed, or attached.</summary>
internal sealed unsafe partial class BpfObject : IDisposable
{
    // Of the maps that the compiler makes, the settings' alone.
    private const string ReadOnlyData = ".rodata";
    private nint _object;

    private BpfObject(string name, nint theObject) => (Name, _object) = (name, theObject);

    public string Name { get; }

    /// <exception cref="BpfException">Not there, or not an object.</exception>
    public static BpfObject Open(string path)
    {
        using var log = LibbpfLog.Capture();
        var opened = NativeObject.Open(path, 0);
        return opened == 0
            ? throw new BpfException($"object {path}: open", Marshal.GetLastPInvokeError(), log.Text)
            : new(Path.GetFileNameWithoutExtension(path), opened);
    }

    /// <exception cref="InvalidOperationException">The object has settings of another size: it was built for another agent.</exception>
    public void Configure(Settings settings)
    {
        foreach (var map in Maps().Where(map => NameOf(map).EndsWith(ReadOnlyData, StringComparison.Ordinal)))
        {
            nuint size;
            var place = NativeObject.InitialValue(map, &size);
            if (place == null || size != (nuint)sizeof(Settings))
                throw new InvalidOperationException($"object {Name}: settings of {(place == null ? 0 : size)} bytes, this agent's have {sizeof(Settings)}");
            *(Settings*)place = settings;
        }
    }

    /// <summary>Uses the maps that are there already, loads, and leaves the new ones there too.</summary>
    /// <exception cref="BpfException">With the verifier's log.</exception>
    public void Load(Dictionary<string, BpfMap> shared, ILogger logger)
    {
        using var log = LibbpfLog.Capture();
        foreach (var map in SharedMaps())
            if (shared.TryGetValue(NameOf(map), out var there))
                Reuse(map, there);
        var error = NativeObject.Load(_object);
        if (error < 0) throw new BpfException($"object {Name}: load", -error, log.Text);
        if (log.Text is { Length: > 0 } text) Log.Said(logger, Name, text);
        foreach (var map in SharedMaps())
            if (!shared.ContainsKey(NameOf(map)))
                shared.Add(NameOf(map), BpfMap.Share(NameOf(map), NativeObject.MapDescriptor(map)));
    }

    /// <summary>The descriptor of a loaded program; it belongs to the object.</summary>
    public int Program(string name)
    {
        var program = NativeObject.FindProgram(_object, name);
        return program == 0 ? throw new BpfException($"object {Name}: find program {name}", Marshal.GetLastPInvokeError()) : NativeObject.ProgramDescriptor(program);
    }

    public void Dispose()
    {
        if (_object != 0) NativeObject.Close(_object);
        _object = 0;
    }

    private static void Reuse(nint map, BpfMap there)
    {
        var declared = MapShape.OfDeclared(map);
        if (declared != there.Shape)
            throw new InvalidOperationException($"map {there.Name}: there is one of another shape ({there.Shape}, not {declared}); a changed layout needs another version");
        var error = NativeObject.ReuseMap(map, there.Descriptor);
        if (error < 0) throw new BpfException($"map {there.Name}: use the one that is there", -error);
    }

    private static string NameOf(nint map) => Marshal.PtrToStringUTF8((nint)NativeObject.MapName(map))!;

    // The compiler's own have a dot in their names; scratch is of one program, and of any shape.
    private IEnumerable<nint> SharedMaps() => Maps().Where(map => !NameOf(map).Contains('.') && !NameOf(map).EndsWith("_scratch", StringComparison.Ordinal));

    private List<nint> Maps()
    {
        var maps = new List<nint>();
        for (var map = NativeObject.NextMap(_object, 0); map != 0; map = NativeObject.NextMap(_object, map)) maps.Add(map);
        return maps;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Object {Name} loaded; libbpf says: {Text}")]
        public static partial void Said(ILogger logger, string name, string text);
    }
}
