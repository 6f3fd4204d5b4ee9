using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Which cluster-configs are accepted (cilium.md 1.1).</summary>
internal static class ClusterConfigRules
{
    /// <summary>The modes that also write services in the form read here.</summary>
    private static readonly string[] s_modes = ["", "services-only", "services-and-endpointslices"];

    /// <summary>Why the remote is refused, or null.</summary>
    public static string? Refusal(ClusterConfigRecord config, int ownId)
    {
        var can = config.Capabilities;
        if (config.Id is < NumericIdentity.MinClusterId or > NumericIdentity.MaxClusterId)
            return $"its cluster id {config.Id} is not between {NumericIdentity.MinClusterId} and {NumericIdentity.MaxClusterId}";
        if (config.Id == ownId)
            return $"its cluster id {config.Id} is ours";
        // Cilium looks only from the side with 511; but with 511 the identities are cut at another bit, and ours would be misread.
        if (can.MaxConnectedClusters is not (0 or NumericIdentity.MaxClusterId))
            return $"its maxConnectedClusters is {can.MaxConnectedClusters}, ours is {NumericIdentity.MaxClusterId}: identities would be misread";
        return s_modes.Contains(can.EndpointSlicesExportMode ?? "", StringComparer.Ordinal)
            ? null
            : $"its endpointSlicesExportMode \"{can.EndpointSlicesExportMode}\" is not known here; services come in the form of {string.Join(" or ", s_modes[1..])}";
    }
}
