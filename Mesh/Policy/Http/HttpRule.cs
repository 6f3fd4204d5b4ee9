using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>One of rules.http: all of its conditions must hold (cilium.md 4).</summary>
/// <param name="Method">Null = every one; so for the others.</param>
/// <param name="Headers">Both of headers and of headerMatches.</param>
public sealed record HttpRule(HttpPattern? Method, HttpPattern? Path, HttpPattern? Host, ImmutableArray<HeaderMatch> Headers)
{
    /// <summary>Whether it changes what it lets through.</summary>
    public bool Edits { get; } = Headers.Any(header => header.Mismatch is not HeaderMismatch.Refuse);

    public bool Matches(IHttpFacts request)
    {
        if (Method?.Matches(request.Method) == false || Path?.Matches(request.Path) == false || Host?.Matches(request.Host) == false) return false;
        foreach (var header in Headers)
        {
            if (header.Mismatch is HeaderMismatch.Refuse && !header.Holds(request)) return false;
        }

        return true;
    }

    /// <summary>What it does to a request that matches it.</summary>
    public IEnumerable<HeaderEdit> EditsOf(IHttpFacts request) =>
        Headers.Where(header => header.Mismatch is not HeaderMismatch.Refuse && !header.Holds(request)).Select(header => new HeaderEdit(header.Mismatch, header.Name, header.Value ?? ""));

    public bool Equals(HttpRule? other) => other is not null && Equals(Method, other.Method) && Equals(Path, other.Path) && Equals(Host, other.Host) && Headers.SequenceEqual(other.Headers);

    public override int GetHashCode() => HashCode.Combine(Method, Path, Host, Headers.Length);

    public override string ToString()
    {
        var parts = new[] { ("method", Method?.Text), ("path", Path?.Text), ("host", Host?.Text) }.Where(part => part.Item2 is not null).Select(part => $"{part.Item1} {part.Item2}");
        // Values may be secrets.
        return string.Join(", ", [.. parts, .. Headers.Select(header => $"header {header.Name}")]) is { Length: > 0 } text ? text : "everything";
    }
}
