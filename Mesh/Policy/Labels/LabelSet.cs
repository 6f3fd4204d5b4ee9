using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ClusterMesh.Mesh.Policy.Labels;

/// <summary>An identity's labels, read from the text that is kept in etcd: "k8s:app=a;k8s:tier=b;" (cilium.md 2).</summary>
public sealed class LabelSet
{
    private readonly ImmutableArray<Label> _labels;

    private LabelSet(string text, ImmutableArray<Label> labels) => (Text, _labels) = (text, labels);

    public string Text { get; }

    /// <summary>Never fails: what is not a label is one that nothing selects.</summary>
    public static LabelSet Parse(string text)
    {
        var labels = ImmutableArray.CreateBuilder<Label>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (colon, equals) = (part.IndexOf(':'), part.IndexOf('='));
            if (equals < 0) equals = part.Length;
            // A value may hold a colon; then it is not the one that ends the source.
            if (colon > equals) colon = -1;
            labels.Add(new(colon < 0 ? "" : part[..colon], part[(colon + 1)..equals], equals < part.Length ? part[(equals + 1)..] : ""));
        }

        return new(text, labels.ToImmutable());
    }

    /// <param name="source">"any" finds it from whatever source.</param>
    public bool TryGet(string source, string key, [NotNullWhen(true)] out string? value)
    {
        foreach (var label in _labels)
        {
            if (label.Key != key || (source != LabelRequirement.AnySource && label.Source != source)) continue;
            value = label.Value;
            return true;
        }

        value = null;
        return false;
    }

    public override string ToString() => Text;

    private readonly record struct Label(string Source, string Key, string Value);
}
