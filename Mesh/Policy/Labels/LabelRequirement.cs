using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Policy.Labels;

/// <summary>Kubernetes' operators of matchExpressions; matchLabels is In with one value.</summary>
public enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// <summary>One requirement of a selector. NotIn holds, as in Kubernetes, where the label is missing.</summary>
/// <param name="Source">k8s, reserved, or any.</param>
public sealed record LabelRequirement(string Source, string Key, LabelOperator Operator, ImmutableArray<string> Values)
{
    public const string AnySource = "any", Kubernetes = "k8s", Reserved = "reserved";

    public LabelRequirement(string source, string key, string value) : this(source, key, LabelOperator.In, [value]) { }

    /// <summary>Cilium's selectors may say a label's source before its key: "k8s:app", "reserved:host".</summary>
    public static (string Source, string Key) Split(string key) => key.IndexOf(':') is var at and > 0 ? (key[..at], key[(at + 1)..]) : (AnySource, key);

    public bool Matches(LabelSet labels) => Operator switch
    {
        LabelOperator.In => labels.TryGet(Source, Key, out var value) && Values.Contains(value),
        LabelOperator.NotIn => !labels.TryGet(Source, Key, out var value) || !Values.Contains(value),
        LabelOperator.Exists => labels.TryGet(Source, Key, out _),
        _ => !labels.TryGet(Source, Key, out _),
    };

    public override string ToString() => Operator switch
    {
        LabelOperator.In when Values.Length == 1 => $"{Source}:{Key}={Values[0]}",
        LabelOperator.In => $"{Source}:{Key} in ({string.Join(',', Values)})",
        LabelOperator.NotIn => $"{Source}:{Key} notin ({string.Join(',', Values)})",
        LabelOperator.Exists => $"{Source}:{Key}",
        _ => $"!{Source}:{Key}",
    };
}
