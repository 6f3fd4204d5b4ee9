using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Patterns;

namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>
/// A regular expression that the whole of a text must match (cilium.md 4), in time linear in the text's length whatever was written.
/// Equal by its text.
/// </summary>
public sealed class HttpPattern : IEquatable<HttpPattern>
{
    /// <summary>In characters.</summary>
    public const int Longest = 1024;

    // Null: the text stands for itself.
    private readonly Regex? _regex;

    private HttpPattern(string text, Regex? regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    /// <param name="problem">What is wrong with it, when the answer is null: "has 2000 characters, expected at most 1024".</param>
    public static HttpPattern? Of(string text, out string? problem)
    {
        problem = text.Length > Longest ? $"has {text.Length} characters, expected at most {Longest}" : null;
        if (problem is not null) return null;
        if (Regex.Escape(text) == text) return new(text, null);
        return WholePattern.TryParse(text, out problem) is { } regex ? new(text, regex) : null;
    }

    public bool Matches(string text) => _regex?.IsMatch(text) ?? text == Text;

    public bool Equals(HttpPattern? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as HttpPattern);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
