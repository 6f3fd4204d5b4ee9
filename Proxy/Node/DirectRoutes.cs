using System.Collections.Concurrent;
using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Split;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Node;

/// <summary>
/// Routes to where a client connected itself, for connections that only policy handed over: one backend each, whatever its health, and no
/// second try. They share one name, so that metrics stay few.
/// </summary>
internal sealed class DirectRoutes(string cluster, Func<IPAddress, string?> clusterOf, TimeProvider time)
{
    private const int Most = 8192;

    private static readonly ObjectKey s_none = new("", "original-destination");
    private static readonly RouteModel s_model = new()
    {
        Name = "original destination", Owner = "policy", OwnerKey = s_none, Split = new([new(s_none, 0, 1)]),
        Policy = new() { Protocol = BackendProtocol.AsAsked, ReadTimeout = TimeSpan.FromHours(1), Retry = new(1, OnError: false, OnTimeout: false, []) },
    };

    private readonly RouteState _state = new(s_model.Name, time);
    private readonly SplitTable _split = new(s_model.Split);
    private volatile Generation _now = new(time);

    /// <summary>What all of them count is counted here.</summary>
    public Route All => field ??= new(s_model, _split, [], _state);

    public Route To(IPEndPoint destination)
    {
        var now = _now;
        if (now.Routes.TryGetValue(destination, out var known)) return known;
        // Requests under way keep theirs; what was known of the old ones' health goes with them.
        if (now.Routes.Count >= Most) _now = now = new(time);
        return now.Routes.GetOrAdd(destination, static (destination, of) => of.Self.Make(destination, of.Health), (Self: this, now.Health));
    }

    private Route Make(IPEndPoint destination, HealthTable health)
    {
        var port = new ServicePortState(s_none, 0, cluster, health, time);
        lock (health) port.Update(ServiceMode.NotGlobal, [new(clusterOf(destination.Address) ?? cluster, $"{destination.Address}", destination.Port)]);
        var target = new Target(s_model.Split.Targets[0], s_model.Name, port, default, s_model.Policy) { Turns = new(), Number = _state.Series.Number(s_model.Name, s_model.Split.Targets[0]) };
        return new(s_model, _split, [target], _state);
    }

    private sealed class Generation(TimeProvider time)
    {
        public ConcurrentDictionary<IPEndPoint, Route> Routes { get; } = new();

        public HealthTable Health { get; } = new(new(), time, NullLogger<HealthTable>.Instance);
    }
}
