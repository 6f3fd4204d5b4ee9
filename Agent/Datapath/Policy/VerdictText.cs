using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Agent.Datapath.Policy;

/// <summary>What a policy decided and why, in the same words wherever it is told.</summary>
internal static class VerdictText
{
    public static string Word(PolicyVerdict verdict) => !verdict.Allowed ? "denied" : verdict.Redirects ? "redirected" : "allowed";

    /// <param name="policy">Null: it is not compiled yet.</param>
    public static string Reason(DirectionPolicy? policy, PolicyVerdict verdict) => verdict switch
    {
        { Reason: PolicyReason.Denied } => "a rule denies it",
        { Allowed: false } when policy is null => "its policy is not known yet",
        { Allowed: false } when policy.IsolatedBy.IsEmpty => "its labels are not known yet, so that it might be anybody",
        { Allowed: false } => $"no rule allows it, and it is isolated by {string.Join(", ", policy.IsolatedBy)}",
        { Redirects: true } => "a rule is about its requests",
        { Rule: { } rule } when rule == RuleOrigin.NotIsolated => "no policy isolates it",
        { Rule: { } rule } when rule == RuleOrigin.AllowLocalhost => "its own node may always reach it",
        _ => "a rule allows it",
    };

    /// <summary>With the rule that it was, all in one line.</summary>
    public static string Whole(DirectionPolicy? policy, PolicyVerdict verdict)
    {
        var rule = verdict.Rule is { } origin && origin != RuleOrigin.NotIsolated && origin != RuleOrigin.AllowLocalhost ? $": {origin}" : "";
        return $"{Word(verdict)}: {Reason(policy, verdict)}{rule}";
    }
}
