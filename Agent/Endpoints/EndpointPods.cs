using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>Pod objects of pods that have an endpoint here and no address written yet: the endpoint's is theirs, and this node their node.</summary>
internal static class EndpointPods
{
    /// <summary>The same objects where nothing is to be added.</summary>
    public static ClusterObjects In(ClusterObjects objects, string node, ImmutableDictionary<ObjectKey, PodEndpoint>? endpoints)
    {
        if (endpoints is null || !objects.Pods.Any(Lacks)) return objects;
        return objects with
        {
            Pods = [.. objects.Pods.Select(pod => Lacks(pod) ? pod with { NodeName = node, Ips = [endpoints[pod.Key].Address.ToString()] } : pod)],
        };

        bool Lacks(PodObject pod) => pod.Ips.Count == 0 && !pod.HostNetwork && endpoints.ContainsKey(pod.Key);
    }
}
