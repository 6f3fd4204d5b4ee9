using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Identity;

/// <summary>
/// Which labels make an identity: Cilium's rules and defaults. A label that some rule leaves out takes part only if another rule
/// includes more of its key; with an including rule of one's own, only what is included takes part.
/// </summary>
public sealed class IdentityLabelFilter
{
    /// <summary>What Cilium has by default. Labels that differ from pod to pod would give every pod an identity of its own.</summary>
    public static readonly ImmutableArray<string> Defaults =
    [
        @"io\.kubernetes\.pod\.namespace", @"io\.cilium\.k8s\.namespace\.labels", @"app\.kubernetes\.io", @"io\.cilium\.k8s\.policy\.cluster", @"io\.cilium\.k8s\.policy\.serviceaccount",
        @"!io\.kubernetes", @"!kubernetes\.io", @"!statefulset\.kubernetes\.io/pod-name", @"!apps\.kubernetes\.io/pod-index", @"!batch\.kubernetes\.io/job-completion-index",
        @"!batch\.kubernetes\.io/controller-uid", @"!.*beta\.kubernetes\.io", @"!topology\.kubernetes\.io", @"!k8s\.io", "!pod-template-generation", "!pod-template-hash",
        "!controller-revision-hash", "!controller-uid", "!annotation.*", "!etcd_node",
    ];

    public static IdentityLabelFilter Default { get; } = Parse("");

    private readonly ImmutableArray<LabelRule> _rules;
    private readonly bool _onlyIncluded;

    private IdentityLabelFilter(ImmutableArray<LabelRule> rules, bool onlyIncluded) => (_rules, _onlyIncluded) = (rules, onlyIncluded);

    /// <param name="more">Rules beside the defaults, with spaces between them, as in Cilium's option: "app tier !version".</param>
    /// <exception cref="ArgumentException">One of them is not a rule.</exception>
    public static IdentityLabelFilter Parse(string more)
    {
        var added = more.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(LabelRule.Parse).ToImmutableArray();
        return new([.. Defaults.Select(LabelRule.Parse), .. added], added.Any(rule => !rule.Ignores));
    }

    public bool Includes(string key)
    {
        var (included, ignored) = (0, 0);
        foreach (var rule in _rules)
        {
            var length = rule.Match(key);
            if (length == 0) continue;
            if (!rule.Ignores) included = Math.Max(included, length);
            else if (ignored == 0 || length < ignored) ignored = length;
        }

        return (!_onlyIncluded && ignored == 0) || included > ignored;
    }
}
