using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One side of a split on one line: "demo/rebel-base-v1:80 75%".</summary>
internal static class TargetText
{
    public static string Of(TargetStatus target)
    {
        var service = target.Port is null ? target.Service : $"{target.Service}:{target.Port}";
        return $"{service} {Words.Share(target.Share)}{(target.Healthy ? "" : " unhealthy")}";
    }
}
