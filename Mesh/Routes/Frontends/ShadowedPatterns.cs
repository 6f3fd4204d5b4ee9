using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>Patterns of paths that no request ever reaches, as they are tried after every prefix.</summary>
internal static class ShadowedPatterns
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(@"\.[({*+?^$");

    public static IEnumerable<(MatchOwner Pattern, MatchOwner Prefix)> Of(IReadOnlyCollection<MatchOwner> matches)
    {
        var prefixes = matches.Where(match => match.Model is { Path.Kind: PathMatchKind.Prefix, Methods.IsEmpty: true, Headers.IsEmpty: true, Queries.IsEmpty: true })
            .ToDictionary(match => match.Model.Path.Value, StringComparer.Ordinal);
        foreach (var pattern in matches.Where(match => match.Model.Path.Kind == PathMatchKind.Regex))
        {
            if (TryFind(prefixes, Head(pattern.Model.Path.Value), out var prefix)) yield return (pattern, prefix);
        }
    }

    // The longest, as that is the one which is followed: the head itself, then what is above it.
    private static bool TryFind(Dictionary<string, MatchOwner> prefixes, string head, [NotNullWhen(true)] out MatchOwner? prefix)
    {
        while (!prefixes.TryGetValue(head.Length == 0 ? "/" : head, out prefix))
        {
            if (head.Length == 0) return false;
            head = head[..Math.Max(head.LastIndexOf('/'), 0)];
        }

        return true;
    }

    /// <summary>Whole elements with which every path begins that the pattern may match; empty = it may be any.</summary>
    private static string Head(string pattern)
    {
        if (pattern.Contains('|', StringComparison.Ordinal) || !pattern.StartsWith('/')) return "";
        var end = pattern.AsSpan().IndexOfAny(s_special);
        if (end < 0) return pattern.TrimEnd('/');
        // The character before one of these need not be there.
        if (pattern[end] is '*' or '?' or '{') end--;
        return pattern[..Math.Max(pattern[..end].LastIndexOf('/'), 0)];
    }
}

/// <param name="Field">Of the match in its object, "spec.rules[0].matches[1]".</param>
internal sealed record MatchOwner(RouteModel Model, HttpRouteObject Route, string Field);
