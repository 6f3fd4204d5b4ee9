using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Edge;

/// <summary>Names of fields that no message may have: what is not a token (RFC 9110 5.1), and in HTTP/2 what belongs to an HTTP/1.1 connection.</summary>
internal static class FieldNames
{
    private static readonly SearchValues<char> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly string[] s_http1Only = ["Transfer-Encoding", "Upgrade", "Keep-Alive", "Proxy-Connection"];

    public static bool IsToken(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(s_token);

    /// <summary>RFC 9113 8.2.2; Kestrel looks for Connection and TE only.</summary>
    public static bool AreOfHttp1(IHeaderDictionary headers)
    {
        foreach (var name in s_http1Only)
        {
            if (headers.ContainsKey(name)) return true;
        }

        return false;
    }
}
