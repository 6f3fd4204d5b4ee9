using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>Whether a request may pass.</summary>
/// <param name="Rule">What decided: the first that allows it, or what denies the connection; null = nothing matched.</param>
/// <param name="Tried">Rules that were asked and did not match; empty when it may pass.</param>
/// <param name="Edits">To be done to the request before it is forwarded, in this order.</param>
public readonly record struct HttpVerdict(PolicyReason Reason, RuleOrigin? Rule, ImmutableArray<RuleOrigin> Tried, ImmutableArray<HeaderEdit> Edits)
{
    public bool Allowed => Reason is PolicyReason.Allowed;

    internal static HttpVerdict Of(PolicyReason reason, RuleOrigin? rule) => new(reason, rule, [], []);
}
