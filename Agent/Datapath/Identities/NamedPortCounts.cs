using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Agent.Datapath.Identities;

/// <summary>Which named ports the pods of each identity have. Most have none.</summary>
internal sealed class NamedPortCounts
{
    private readonly Dictionary<uint, Dictionary<ContainerPort, int>> _counts = [];
    private HashSet<uint> _changed = [];

    public void Add(IpRecord record) => Count(record, 1);

    public void Remove(IpRecord record) => Count(record, -1);

    public ImmutableArray<ContainerPort> Of(uint identity) => _counts.TryGetValue(identity, out var ports) ? [.. ports.Keys.OrderBy(port => port.Name, StringComparer.Ordinal).ThenBy(port => port.Port)] : [];

    /// <summary>The identities whose ports are not what they were at the last call.</summary>
    public HashSet<uint> TakeChanged()
    {
        var changed = _changed;
        _changed = [];
        return changed;
    }

    private void Count(IpRecord record, int by)
    {
        foreach (var port in record.NamedPorts ?? [])
        {
            var id = (uint)record.ID;
            if (!_counts.TryGetValue(id, out var ports)) _counts.Add(id, ports = []);
            var key = new ContainerPort(port.Name, port.Port, port.Protocol);
            var count = ports.GetValueOrDefault(key) + by;
            if (count > 0) ports[key] = count;
            else ports.Remove(key);
            if (count == 0 || (count == 1 && by > 0)) _changed.Add(id);
        }
    }
}
