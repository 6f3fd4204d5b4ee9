using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Services;

/// <summary>
/// The frontends, backends and Maglev tables of one node in the kernel. What is there outlives this process; the next one reads it back
/// and goes on: backends keep their numbers while connections refer to them. One thread at a time.
/// </summary>
public sealed class ServiceTable
{
    private readonly ServiceMaps _maps;
    private readonly ServiceIds _ids;
    private readonly SlotRegions _free;
    private readonly RetiredRegions _retired;
    private readonly Dictionary<Frontend, PlacedFrontend> _placed;
    private readonly Dictionary<Frontend, FrontendModel> _current;
    private readonly ConcurrentDictionary<uint, Frontend> _byId;

    internal ServiceTable(ServiceMaps maps, TimeProvider time)
    {
        _maps = maps;
        _placed = ServiceRestore.Read(maps);
        _current = _placed.ToDictionary(entry => entry.Key, entry => entry.Value.Model);
        _byId = new(_placed.Select(entry => KeyValuePair.Create(entry.Value.Id, entry.Key)));
        _ids = new(maps.Slots, [.. _placed.Values.Select(placed => placed.Id), .. _placed.Values.SelectMany(placed => placed.Backends.Values)]);
        // The first slot is the numbers'.
        _free = new(new(1, maps.Slots.Span.Length - 1), _placed.Values.Select(placed => placed.Region));
        _retired = new(_free, time);
        Use = _placed.Values.Aggregate(new ServiceUse(0, 0, 0), (use, placed) => use.With(placed));
    }

    /// <summary>How much of the maps is in use. Any thread.</summary>
    public ServiceUse Use { get; private set; }

    /// <summary>What is in the kernel now. A view: it changes with it.</summary>
    public IReadOnlyDictionary<Frontend, FrontendModel> Current => _current;

    /// <summary>Whose number that is, in an event or a connection. For any thread.</summary>
    public bool TryFind(uint service, [MaybeNullWhen(false)] out Frontend frontend) => _byId.TryGetValue(service, out frontend);

    /// <summary>
    /// Adds or replaces. A packet sees the old model or the new one. Other frontends are not touched; a change of one costs its own table,
    /// and what is the same already costs nothing.
    /// </summary>
    /// <exception cref="BpfException">No room; the frontend keeps what it had.</exception>
    public void Set(Frontend frontend, FrontendModel model)
    {
        var before = _placed.GetValueOrDefault(frontend);
        if (model.Equals(before?.Model)) return;
        _retired.Release();
        var change = new FrontendChange(_maps, _ids, _free, frontend, before);
        var after = change.Apply(model);
        if (before is not null && before.Region != after.Region) _retired.Add(before.Region);
        (_placed[frontend], _current[frontend], _byId[after.Id]) = (after, model, frontend);
        Use = Use.Without(before).With(after);
    }

    /// <summary>Whether it was there. Its connections end.</summary>
    public bool Delete(Frontend frontend)
    {
        if (!_placed.TryGetValue(frontend, out var placed)) return false;
        _maps.Frontends.Delete(FrontendChange.KeyOf(frontend));
        _maps.Reverse.Delete(placed.Id);
        _maps.Backends.DeleteMany([.. placed.Backends.Values]);
        foreach (var id in placed.Backends.Values.Append(placed.Id)) _ids.Forget(id);
        _retired.Add(placed.Region);
        _placed.Remove(frontend);
        _current.Remove(frontend);
        Use = Use.Without(placed);
        return _byId.TryRemove(placed.Id, out _);
    }
}
