using System.Collections.Immutable;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Datapath;

/// <summary>Takes what there is at one moment from the agent's parts. One thread at a time.</summary>
internal sealed class InputsReader(AgentParts parts)
{
    private static readonly ImmutableDictionary<uint, string> s_none = ImmutableDictionary<uint, string>.Empty;

    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private (IReadOnlyList<NodeObject> Own, ImmutableArray<object> Others, MeshNodes Nodes)? _nodes;

    /// <summary>Null until the manifests were read.</summary>
    public NodeInputs? Read(NodeDatapath datapath)
    {
        if (parts.Latest is not { } snapshot) return null;
        var remotes = parts.Remotes?.Current ?? [];
        var identities = parts.Publisher?.Identities;
        var synced = parts.Gate.Opened.IsCompleted;
        return new(
            snapshot, remotes, identities ?? s_none, Nodes(datapath.Self, snapshot.Local.Nodes, remotes), datapath.Endpoints, parts.Reachability, synced,
            HeardOf(datapath.Self.ClusterId, identities is not null, remotes, synced));
    }

    private Heard HeardOf(uint own, bool ownHeard, ImmutableArray<RemoteObjects> remotes, bool synced)
    {
        foreach (var remote in remotes.Where(remote => remote.Status.Phase is RemotePhase.Ready or RemotePhase.Degraded)) _heard.Add(remote.Cluster);
        var ids = remotes.Where(remote => _heard.Contains(remote.Cluster)).Select(remote => (uint)remote.Status.ClusterId).ToImmutableHashSet();
        return new(ownHeard, synced && ownHeard && remotes.All(remote => _heard.Contains(remote.Cluster)), ownHeard ? ids.Add(own) : ids);
    }

    private MeshNodes Nodes(MeshNode self, IReadOnlyList<NodeObject> own, ImmutableArray<RemoteObjects> remotes)
    {
        ImmutableArray<object> others = [.. remotes.Select(remote => remote.Nodes)];
        if (_nodes is { } last && ReferenceEquals(last.Own, own) && last.Others.SequenceEqual(others, ReferenceEqualityComparer.Instance)) return last.Nodes;
        var nodes = MeshNodes.Of(self, own, remotes);
        _nodes = (own, others, nodes);
        return nodes;
    }
}
