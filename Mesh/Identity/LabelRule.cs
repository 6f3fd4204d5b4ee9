using System.Text.RegularExpressions;

namespace ClusterMesh.Mesh.Identity;

/// <summary>One rule of Cilium's option "labels": a regular expression that the start of a label's key matches; "!" before it leaves the label out.</summary>
internal sealed class LabelRule
{
    private readonly Regex _pattern;

    private LabelRule(bool ignores, Regex pattern) => (Ignores, _pattern) = (ignores, pattern);

    public bool Ignores { get; }

    /// <exception cref="ArgumentException">It is empty or not a regular expression.</exception>
    public static LabelRule Parse(string text)
    {
        // Every label here comes from Kubernetes, so that this source is all that can be named.
        var rest = text.StartsWith("k8s:", StringComparison.Ordinal) ? text[4..] : text;
        var ignores = rest.StartsWith('!');
        if (ignores) rest = rest[1..];
        if (rest.Length == 0) throw new ArgumentException($"the label rule \"{text}\" is empty");
        try
        {
            return new(ignores, new($"^(?:{rest})", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"the label rule \"{text}\" is not a regular expression: {e.Message}", e);
        }
    }

    /// <summary>How much of the key it matches; 0 = it does not.</summary>
    public int Match(string key)
    {
        foreach (var match in _pattern.EnumerateMatches(key)) return match.Length;
        return 0;
    }
}
