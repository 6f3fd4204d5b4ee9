using System.Collections.Immutable;
using ClusterMesh.Agent.Datapath.Identities;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Datapath.Policy;

/// <summary>
/// Finds out who the endpoints are. One that was somebody stays so until it is known whom it became: neither a pod's object that is
/// away for a moment nor new labels without a number make it unknown.
/// </summary>
internal sealed class EndpointResolver
{
    private Dictionary<ObjectKey, ResolvedEndpoint> _last = [];

    public IReadOnlyDictionary<ObjectKey, ResolvedEndpoint> Resolve(ImmutableDictionary<ObjectKey, PodEndpoint> endpoints, ClusterPods pods, Func<string, uint?> numbers)
    {
        var next = new Dictionary<ObjectKey, ResolvedEndpoint>(endpoints.Count);
        foreach (var (key, endpoint) in endpoints)
        {
            var last = _last.GetValueOrDefault(key);
            // The same pod's name is not the same pod.
            var known = last?.Endpoint.Id == endpoint.Id ? last : ResolvedEndpoint.Unknown(endpoint);
            var now = pods.ByKey.GetValueOrDefault(key) is { } pod && numbers(pod.Labels) is { } number
                ? new(endpoint, number, pod.Labels, [.. pod.Pod.Ports])
                : known with { Endpoint = endpoint };
            next[key] = last is not null && last.Endpoint == now.Endpoint && last.Identity == now.Identity && last.Labels == now.Labels && last.Ports.SequenceEqual(now.Ports) ? last : now;
        }

        return _last = next;
    }
}
