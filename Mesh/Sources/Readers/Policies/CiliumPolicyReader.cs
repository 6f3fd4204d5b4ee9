using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>cilium.io/v2 CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: spec, specs, or both (cilium.md 4).</summary>
internal static class CiliumPolicyReader
{
    public static CiliumNetworkPolicyObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        return new(meta, Specs(root, meta.Key.Namespace));
    }

    public static CiliumClusterwideNetworkPolicyObject ReadClusterwide(Field root) => new(MetaReader.Read(root, NameRule.Subdomain, namespaced: false), Specs(root, ""));

    /// <param name="space">Empty for a clusterwide policy.</param>
    private static ImmutableArray<PolicySpec> Specs(Field root, string space)
    {
        KnownFields.Only(root, "apiVersion", "kind", "metadata", "spec", "specs", "status");
        if (!root["spec"].IsSet && !root["specs"].IsSet) root["spec"].Error("is missing, expected spec or specs");
        var all = root["specs"].Items();
        IEnumerable<Field> specs = root["spec"].IsSet || all.Count == 0 ? [root["spec"], .. all] : all;
        return [.. specs.Select(spec => CiliumSpecReader.Read(spec, space)).OfType<PolicySpec>()];
    }
}
