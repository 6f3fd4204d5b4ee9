using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>What people want to know of a cluster, from what its source told.</summary>
public static class ClusterStatuses
{
    /// <summary>The own cluster, by its manifests.</summary>
    public static ClusterStatus Of(ClusterObjects local) => FromManifests(local, isLocal: true);

    public static ClusterStatus Of(RemoteObjects remote)
    {
        if (remote.Manifests is { } manifests) return FromManifests(manifests, isLocal: false);
        var status = remote.Status;
        return new(remote.Cluster, false, status.Source, status.Phase.Text(), status.Since)
        {
            Reason = status.Reason,
            Confirmed = status.Confirmed,
            ClusterId = status.ClusterId,
            Nodes = remote.Nodes.Count,
            Services = remote.Services.Count,
            Endpoints = remote.Ips.Count,
            Identities = remote.Identities.Count,
            Reconnections = status.Reconnections,
            Failures = status.Failures,
            LastError = status.LastError,
            CaughtUpAt = status.CaughtUpAt,
            Ignored = status.Ignored.Values.Sum(),
        };
    }

    private static ClusterStatus FromManifests(ClusterObjects cluster, bool isLocal)
    {
        var error = cluster.Problems.FirstOrDefault(problem => problem.Subject.StartsWith("directory", StringComparison.Ordinal))?.Reason;
        return new(cluster.Cluster, isLocal, cluster.Source, error is null ? "synced" : "failed", cluster.ReadAt)
        {
            Files = cluster.Files,
            Nodes = cluster.Nodes.Count,
            Services = cluster.Services.Count,
            Endpoints = cluster.Pods.Sum(pod => pod.Ended || pod.HostNetwork ? 0 : pod.Ips.Count),
            LastError = error,
            CaughtUpAt = cluster.ReadAt,
            UnknownKinds = cluster.UnknownKinds,
        };
    }
}
