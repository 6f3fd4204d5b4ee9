using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>From a draft to the split of its requests over the primary and its canaries.</summary>
internal sealed class SplitBuilder(BackendResolver resolver, ProblemList problems)
{
    /// <param name="appProtocol">What the primary's port says of itself.</param>
    public SplitModel Build(RouteDraft draft, out string? appProtocol)
    {
        var primary = Resolve(draft.Owner, draft.Path, "requests get 503");
        appProtocol = primary.Port?.AppProtocol;
        if (draft.Canaries.Count == 0)
            return new SplitModel([Target(primary, WeightScale.Alone)]) { StickyBy = draft.Owner.Policy.StickyBy };

        var canaries = ResolveCanaries(draft, primary);
        var rules = canaries.ConvertAll(canary => canary.Ingress.Canary!);
        return new SplitModel(Weigh(primary, canaries, WeightScale.Of(rules)))
        {
            Steering = Steering.Of(rules),
            StickyBy = draft.Owner.Policy.StickyBy,
        };
    }

    private ImmutableArray<TargetModel> Weigh(ResolvedBackend primary, List<ResolvedCanary> canaries, WeightScale scale)
    {
        var targets = ImmutableArray.CreateBuilder<TargetModel>(canaries.Count + 1);
        targets.Add(Target(primary, scale.Primary));
        for (var i = 0; i < canaries.Count; i++)
        {
            var (ingress, backend) = canaries[i];
            targets.Add(Target(backend, scale.Canaries[i]) with { Canary = ingress.Key, LoadBalance = ingress.Policy.Base.LoadBalance });
            if (i == scale.FirstAbove)
            {
                problems.Add(
                    ingress.Object, ingress.Annotations.Find(AnnotationNames.CanaryWeight)!.Value.FullName,
                    "with this canary the weights of the path's canaries add up to more than the whole", "they share all requests in proportion");
            }
        }
        return targets.MoveToImmutable();
    }

    private List<ResolvedCanary> ResolveCanaries(RouteDraft draft, ResolvedBackend primary)
    {
        var canaries = new List<ResolvedCanary>(draft.Canaries.Count);
        foreach (var (ingress, path) in draft.Canaries)
        {
            // Argo copies whole rules, the paths of other services too: such a path is no canary.
            if (IsPrimary(draft, primary, path, out var backend, ingress))
                problems.Add(ingress.Object, path.Field, $"its service {primary.Service} is the primary's too", "the canary is ignored for this path");
            else
                canaries.Add(new(ingress, backend));
        }
        return canaries;
    }

    private bool IsPrimary(RouteDraft draft, ResolvedBackend primary, ParsedPath path, out ResolvedBackend backend, ParsedIngress canary)
    {
        backend = primary;
        if (path.Backend == draft.Path.Backend)
            return true;
        backend = Resolve(canary, path, "its share goes to the others");
        return backend.Port is not null && primary.Port is not null && backend.Service == primary.Service && backend.Port.Port == primary.Port.Port;
    }

    private ResolvedBackend Resolve(ParsedIngress ingress, ParsedPath path, string instead)
    {
        var resolved = resolver.Resolve(ingress.Key.Namespace, path.Backend);
        if (resolved.Why is not null)
            problems.Add(ingress.Object, $"{path.BackendField}.{resolved.Field}", resolved.Why, instead);
        return resolved;
    }

    private static TargetModel Target(ResolvedBackend backend, long weight) => new(backend.Service, backend.Port?.Port, weight);

    private readonly record struct ResolvedCanary(ParsedIngress Ingress, ResolvedBackend Backend);
}
