using System.Net;
using ClusterMesh.Agent.Network;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Datapath.Routes;

/// <summary>Brings the routes that are ours to what is wanted; looks now and then, as a link that went down took its routes along.</summary>
internal sealed class RouteReconciler(NodeNetwork network, TimeProvider time) : IReconciler
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private readonly OutsideAddresses _outside = new();
    private object? _nodes, _endpoints, _addresses;
    private bool _pruned;
    private long _lookedAt;

    public string Name => "routes";

    public void Reconcile(NodeInputs inputs)
    {
        var prune = inputs.Heard.All;
        var addresses = _outside.Of(inputs.Snapshot.Services);
        var same = ReferenceEquals(_nodes, inputs.Nodes) && ReferenceEquals(_endpoints, inputs.Endpoints) && ReferenceEquals(_addresses, addresses) && _pruned == prune;
        if (same && time.GetElapsedTime(_lookedAt) < s_look) return;
        var there = IpTool.Show("-4", "route", "show", "proto", RouteModel.Protocol.ToString()).Select(RouteModel.Read).OfType<RouteModel>();
        IpTool.RunAll(Changes([.. there], NodeRoutes.Wanted(network, inputs.Nodes, inputs.Endpoints.Values, addresses), prune, network.Pods.Cidr));
        (_nodes, _endpoints, _addresses, _pruned, _lookedAt) = (inputs.Nodes, inputs.Endpoints, addresses, prune, time.GetTimestamp());
    }

    /// <summary>Lines for ip.</summary>
    /// <param name="prune">Whether routes to other nodes that nobody speaks of may go.</param>
    /// <param name="own">This node's own range, of which it knows all.</param>
    internal static IEnumerable<string> Changes(IReadOnlyList<RouteModel> there, IReadOnlyDictionary<IPNetwork, RouteModel> wanted, bool prune, IPNetwork own)
    {
        var known = there.ToHashSet();
        foreach (var route in wanted.Values.Where(route => !known.Contains(route))) yield return $"route replace {route.Words}";
        foreach (var route in there.Where(route => !wanted.ContainsKey(route.To) && (prune || own.Contains(route.To.BaseAddress)))) yield return $"route delete {route.Words}";
    }
}
