using Microsoft.AspNetCore.WebUtilities;

namespace ClusterMesh.Proxy.Pick;

internal static class QueryParameters
{
    /// <summary>The parameter's first value, decoded; null when the query, with its '?' or empty, does not have it.</summary>
    public static string? First(string query, string name)
    {
        foreach (var part in new QueryStringEnumerable(query))
        {
            if (part.DecodeName().Span.SequenceEqual(name)) return part.DecodeValue().ToString();
        }

        return null;
    }
}
