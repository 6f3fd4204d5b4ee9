using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.Bpf.Pinning;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Bpf.Loading;

/// <summary>Several objects and the maps that they share: all of them, or nothing. Nothing is attached by this.</summary>
internal sealed class LoadedPrograms : IDisposable
{
    private readonly Dictionary<string, BpfObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BpfMap> _maps = new(StringComparer.Ordinal);

    private LoadedPrograms()
    {
    }

    /// <param name="objects">Paths.</param>
    /// <param name="settings">The same for all.</param>
    /// <param name="pins">Where maps are found and left; null for maps that go with the process.</param>
    /// <param name="logger">Hears what libbpf says.</param>
    /// <exception cref="BpfException">With the verifier's log. What was loaded before it is let go.</exception>
    public static LoadedPrograms Load(IEnumerable<string> objects, Settings settings, PinDirectory? pins, ILogger logger)
    {
        var loaded = new LoadedPrograms();
        try
        {
            foreach (var path in objects)
            {
                var opened = BpfObject.Open(path);
                loaded._objects.Add(opened.Name, opened);
                opened.Configure(settings);
            }

            foreach (var map in pins?.OpenMaps() ?? []) loaded._maps.Add(map.Name, map);
            var pinned = loaded._maps.Keys.ToHashSet();
            foreach (var next in loaded._objects.Values) next.Load(loaded._maps, logger);
            pins?.Pin([.. loaded._maps.Values.Where(map => !pinned.Contains(map.Name))]);
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    public BpfMap Map(string name) => _maps[name];

    public int Program(string theObject, string name) => _objects[theObject].Program(name);

    public void Dispose()
    {
        foreach (var next in _objects.Values) next.Dispose();
        foreach (var map in _maps.Values) map.Dispose();
    }
}
