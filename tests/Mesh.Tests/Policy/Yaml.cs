namespace ClusterMesh.Mesh.Tests.Policy;

/// <summary>Policies around a spec in YAML's flow form.</summary>
internal static class Yaml
{
    public static string Kubernetes(string spec, string name = "p", string space = "default") =>
        $"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: {space}}}, spec: {spec}}}\n---\n";

    public static string Cilium(string spec, string name = "p", string space = "default") =>
        $"{{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {{name: {name}, namespace: {space}}}, spec: {spec}}}\n---\n";

    public static string Clusterwide(string spec, string name = "p") =>
        $"{{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {{name: {name}}}, spec: {spec}}}\n---\n";

    public static string CidrGroup(string name, params string[] cidrs) =>
        $"{{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {{name: {name}, labels: {{kind: {name}}}}}, spec: {{externalCIDRs: [{string.Join(", ", cidrs.Select(cidr => $"\"{cidr}\""))}]}}}}\n---\n";

    /// <summary>Everybody of app web: its ingress.</summary>
    public static string Web(string rest) => $"{{endpointSelector: {{matchLabels: {{app: web}}}}, {rest}}}";
}
