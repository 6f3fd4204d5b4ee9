using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>How new connections to one port of a service are balanced, and why. Pure: by the rules of <see cref="BackendSelection"/>.</summary>
/// <param name="Candidates">The backends that were to choose from.</param>
/// <param name="Gone">Of each candidate: whether its node or cluster does not answer.</param>
internal sealed record PortChoice(ServicePort Port, ImmutableArray<Backend> Candidates, ImmutableArray<bool> Gone, Selection Selection, FrontendModel Model)
{
    /// <param name="before">The last choice for the port, for min-healthy's hysteresis.</param>
    public static PortChoice OverTheMesh(ServiceModel service, ServicePortModel port, NodeView view, PortChoice? before)
    {
        var candidates = WithV4(port.Backends);
        var gone = GoneOf(candidates, view);
        return Of(service, port.Port, candidates, gone, BackendSelection.Select(service.Mode, view.Node.Cluster, candidates, Healthy(gone), before?.Selection));
    }

    /// <summary>A traffic policy that is Local: only this node's own backends, whatever affinity and weights say.</summary>
    public static PortChoice OnThisNode(ServiceModel service, ServicePortModel port, NodeView view, string policy)
    {
        var candidates = WithV4(port.Backends).Where(view.IsHere).ToImmutableArray();
        var gone = GoneOf(candidates, view);
        var selection = BackendSelection.Select(ServiceMode.NotGlobal, view.Node.Cluster, candidates, Healthy(gone));
        var active = candidates.Count(backend => backend.State == BackendState.Active);
        var why = candidates.IsEmpty ? $"{policy} Local: no backend on {view.Node.Name}" : $"{policy} Local: {active} of {candidates.Length} healthy on {view.Node.Name}";
        return Of(service, port.Port, candidates, gone, selection with { Why = why });
    }

    /// <summary>The frontend is known and refuses everybody.</summary>
    public static PortChoice Nobody(ServicePortModel port, string why) => new(port.Port, [], [], new([], 0, why, []), new([], []));

    private static PortChoice Of(ServiceModel service, ServicePort port, ImmutableArray<Backend> candidates, ImmutableArray<bool> gone, Selection selection)
    {
        var shares = new Dictionary<BackendAddress, long>();
        var weights = BackendWeights.Of(selection.Pools, candidates.Length);
        // Two clusters that claim one address are one backend here.
        foreach (var at in Enumerable.Range(0, candidates.Length).Where(at => weights[at] > 0))
            shares[AddressOf(candidates[at])] = shares.GetValueOrDefault(AddressOf(candidates[at])) + weights[at];
        // Whoever is there and takes no new connections keeps those it has: when it terminates, gets unready, and after a failback.
        var there = candidates.Where((_, at) => !gone[at]).Select(AddressOf);
        return new(port, candidates, gone, selection, new([.. shares.Select(share => new BackendShare(share.Key, share.Value))], [.. there])
        {
            Affinity = service.Object.ClientAffinity ?? TimeSpan.Zero,
            Random = service.LoadBalance?.Kind == LoadBalanceKind.Random,
        });
    }

    public static BackendAddress AddressOf(Backend backend) => new(IPAddress.Parse(backend.Address), (ushort)backend.Port);

    public static ImmutableArray<bool> GoneOf(ImmutableArray<Backend> backends, NodeView view) => [.. backends.Select(view.IsGone)];

    private static bool[] Healthy(ImmutableArray<bool> gone) => [.. gone.Select(gone => !gone)];

    // docs/decisions/ipv6.md: a frontend has backends of its own family, and so far that is IPv4.
    private static ImmutableArray<Backend> WithV4(ImmutableArray<Backend> backends) =>
        backends.Any(backend => backend.Address.Contains(':')) ? [.. backends.Where(backend => !backend.Address.Contains(':'))] : backends;
}
