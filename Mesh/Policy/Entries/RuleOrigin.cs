namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>Where an entry came from, for people.</summary>
/// <param name="Policy">"CiliumNetworkPolicy default/web"; empty for what holds without a policy.</param>
/// <param name="Rule">"spec.ingress[0]".</param>
public sealed record RuleOrigin(string Policy, string Rule)
{
    // Told of each request that a rule was asked about.
    private readonly string _text = Policy.Length == 0 ? Rule : $"{Policy} {Rule}";

    /// <summary>The node's own traffic to its pods, such as the kubelet's probes.</summary>
    public static RuleOrigin AllowLocalhost { get; } = new("", "allow-localhost");

    /// <summary>No policy isolates the endpoint in this direction.</summary>
    public static RuleOrigin NotIsolated { get; } = new("", "not isolated");

    public override string ToString() => _text;
}
