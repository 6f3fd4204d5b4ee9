using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Edge;

/// <summary>Names of fields that no message of HTTP/2 may have: what belongs to an HTTP/1.1 connection.</summary>
internal static class FieldNames
{
    private static readonly string[] s_http1Only = ["Transfer-Encoding", "Upgrade", "Keep-Alive", "Proxy-Connection"];

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
