using System.Net;
using ClusterMesh.Mesh.Routes;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Pick;

/// <summary>What decisions may ask about a request, so that they can be made, and explained, without a connection.</summary>
internal readonly record struct RequestFacts(IHeaderDictionary Headers, string Path, string Query, IPAddress? Client)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>The first cookie of that name (RFC 6265 4.2.1), unquoted as sent; no other cookie is parsed.</summary>
    public string? Cookie(string name)
    {
        foreach (var line in Headers.Cookie)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var end = rest.IndexOf(';');
                var pair = (end < 0 ? rest : rest[..end]).Trim();
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal)) return pair[(name.Length + 1)..].ToString();
                rest = end < 0 ? [] : rest[(end + 1)..];
            }
        }

        return null;
    }

    /// <summary>What a hash key stands for in this request; null when the request does not have it.</summary>
    public string? Value(HashKey key) => key.Kind switch
    {
        HashKeyKind.Header => Header(key.Name),
        HashKeyKind.Cookie => Cookie(key.Name),
        HashKeyKind.Query => QueryParameters.First(Query, key.Name),
        HashKeyKind.ClientAddress => Client?.ToString(),
        HashKeyKind.Uri => Path + Query,
        _ => Path,
    };
}
