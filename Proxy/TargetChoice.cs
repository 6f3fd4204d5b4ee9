using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy;

/// <summary>Split, cluster and backend in one: what a request gets first, and what it gets when that failed.</summary>
internal sealed class TargetChoice(BackendPicker picker)
{
    private const int FewTargets = 64;

    /// <summary>Sets the target and split reason of the exchange; null when nobody can serve.</summary>
    public Picked? First(Exchange exchange)
    {
        var route = exchange.Route!;
        var session = route.Model.Policy.Session;
        exchange.Bound = session is null ? null : SessionBinding.Find(route, exchange.Facts);
        if (route.Targets.Length == 1) return Pick(exchange, 0, SplitReason.Only);
        var healthy = route.Targets.Length <= FewTargets ? stackalloc bool[route.Targets.Length] : new bool[route.Targets.Length];
        Health(route, healthy);
        var bound = session is { BindsCanary: true } ? exchange.Bound?.Target ?? -1 : -1;
        var decision = Splitter.Decide(route.Split, healthy, exchange.Facts, bound, route.State.Turns);
        return Pick(exchange, decision.Target, decision.Reason) ?? (route.HoldsTarget ? null : AnyOther(exchange));
    }

    /// <summary>A backend that was not tried: of this target, else of another one of the route.</summary>
    public Picked? Another(Exchange exchange, bool lastAttempt)
    {
        var tried = exchange.Tried!;
        if (exchange.Target!.Port is { } port && RetryPicker.Next(port.Now, tried, lastAttempt) is { } same && (same.Backend.Healthy || exchange.Route!.HoldsTarget)) return same;
        for (var i = 0; !exchange.Route!.HoldsTarget && i < exchange.Route.Targets.Length; i++)
        {
            if (i == exchange.TargetIndex || exchange.Route.Targets[i].Port?.Now is not { HasHealthy: true } chosen) continue;
            if (RetryPicker.Next(chosen, tried, lastAttempt) is not { } other || !other.Backend.Healthy) continue;
            (exchange.TargetIndex, exchange.Split) = (i, SplitReason.Failover);
            return other;
        }

        return exchange.Target!.Port is { } own ? RetryPicker.Next(own.Now, tried, lastAttempt) : null;
    }

    /// <summary>Whether <see cref="Another"/> would find somebody healthy, before the response at hand is given up.</summary>
    public bool HasAnother(Exchange exchange)
    {
        foreach (var target in exchange.Route!.Targets)
        {
            if (target.Port?.Now is not { } chosen || (exchange.Route.HoldsTarget && !ReferenceEquals(target, exchange.Target))) continue;
            foreach (var backend in chosen.Backends)
            {
                if (backend.Healthy && !ReferenceEquals(backend, exchange.Backend) && exchange.Tried?.Contains(backend) != true) return true;
            }
        }

        return false;
    }

    /// <summary>One entry per target: somebody healthy can serve it.</summary>
    public static void Health(Route route, Span<bool> healthy)
    {
        for (var i = 0; i < healthy.Length; i++) healthy[i] = route.Targets[i].Port?.Now.HasHealthy == true;
    }

    private Picked? Pick(Exchange exchange, int index, SplitReason reason)
    {
        (exchange.TargetIndex, exchange.Split) = (index, reason);
        if (exchange.Bound is { } bound && bound.Target == index) return bound.Picked;
        var target = exchange.Route!.Targets[index];
        return target.Port is null ? null : picker.First(target, target.Port.Now, exchange.Facts);
    }

    // Nobody is healthy, and the target that was decided on has not even an ejected backend: any that has one will do.
    private Picked? AnyOther(Exchange exchange)
    {
        for (var i = 0; i < exchange.Route!.Targets.Length; i++)
        {
            if (Pick(exchange, i, SplitReason.Failover) is { } picked) return picked;
        }

        return null;
    }
}
