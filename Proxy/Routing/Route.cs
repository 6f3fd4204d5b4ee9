using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy.Routing;

/// <summary>A route made ready for requests: its model, its split, and the holders that live longer than it. Immutable.</summary>
internal sealed class Route(RouteModel model, SplitTable split, Target[] targets, RouteState state)
{
    public RouteModel Model { get; } = model;

    public SplitTable Split { get; } = split;

    /// <summary>One entry per target of the split.</summary>
    public Target[] Targets { get; } = targets;

    public RouteState State { get; } = state;

    public Mirror[] Mirrors { get; init; } = [];

    /// <summary>Whoever is sent to one target is not sent to another.</summary>
    public bool HoldsTarget => Targets.Length == 1 || Model.Split.Strict;
}

/// <summary>One side of a split; without a port the reference is broken and it never serves.</summary>
/// <param name="Name">"default/web:80", for logs and metrics.</param>
/// <param name="Policy">The route's, with the protocol that this target speaks.</param>
internal sealed record Target(TargetModel Model, string Name, ServicePortState? Port, LoadBalance LoadBalance, RoutePolicy Policy)
{
    /// <summary>Made by the upstream at the target's first request.</summary>
    public UpstreamPath? Upstream { get; set; }

    /// <summary>How far this route's own sequence over the service's pools has come.</summary>
    public required TargetTurns Turns { get; init; }

    /// <summary>By which the route's series know it; 0 = none.</summary>
    public int Number { get; init; }
}

/// <summary>Where copies of a route's requests go.</summary>
internal sealed record Mirror(MirrorModel Model, Target Target);

/// <summary>The sequences of one side of one route, so that the split over clusters is exact for each route.</summary>
internal sealed class TargetTurns
{
    private const int Picks = 8;
    private readonly long[] _picks = new long[Picks];

    public long Pool;
    public long Rest;

    /// <summary>Each pool turns on its own: with one common turn, pools drawn in a fixed order would each see only some of the numbers.</summary>
    public ref long Pick(int pool) => ref _picks[pool % Picks];
}
