using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Policy.Labels;

/// <summary>Requirements on an identity's labels that must all hold; without any it selects everything. Equal by its text.</summary>
public sealed class LabelSelector : IEquatable<LabelSelector>
{
    private readonly string _text;

    public LabelSelector(IEnumerable<LabelRequirement> requirements)
    {
        Requirements = [.. requirements.OrderBy(requirement => requirement.ToString(), StringComparer.Ordinal)];
        _text = string.Join(", ", Requirements);
    }

    public static LabelSelector Everything { get; } = new([]);

    public ImmutableArray<LabelRequirement> Requirements { get; }

    public bool Matches(LabelSet labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels)) return false;
        }

        return true;
    }

    /// <summary>Whether it says anything about that label of Kubernetes.</summary>
    public bool Names(string key) => Requirements.Any(requirement => IsKubernetes(requirement) && requirement.Key == key);

    public bool NamesPrefix(string prefix) => Requirements.Any(requirement => IsKubernetes(requirement) && requirement.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether it is about reserved identities, which have neither namespace nor cluster.</summary>
    public bool NamesReserved => Requirements.Any(requirement => requirement.Source == LabelRequirement.Reserved);

    public LabelSelector And(params IEnumerable<LabelRequirement> more) => new(Requirements.AddRange(more));

    public bool Equals(LabelSelector? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as LabelSelector);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text.Length == 0 ? "everything" : _text;

    private static bool IsKubernetes(LabelRequirement requirement) => requirement.Source is LabelRequirement.Kubernetes or LabelRequirement.AnySource;
}
