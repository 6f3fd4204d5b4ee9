using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Record;

/// <summary>network.protocol.version: "1.1" for "HTTP/1.1".</summary>
internal static class HttpVersions
{
    public static string Of(string protocol) =>
        HttpProtocol.IsHttp11(protocol) ? "1.1" : HttpProtocol.IsHttp2(protocol) ? "2" : HttpProtocol.IsHttp3(protocol) ? "3" : "1.0";
}
