namespace ClusterMesh.Mesh.Routes;

/// <summary>What a Service port's appProtocol says (KEP-3726 and what came before it).</summary>
public static class BackendProtocols
{
    /// <summary>How a backend of such a port is spoken to.</summary>
    public static BackendProtocol Of(string? appProtocol) => appProtocol switch
    {
        "kubernetes.io/h2c" or "grpc" => BackendProtocol.Grpc,
        "https" => BackendProtocol.Https,
        _ => BackendProtocol.Http,
    };

    /// <summary>The same between pods, where a port that says nothing is spoken to as its client speaks.</summary>
    public static BackendProtocol InMesh(string? appProtocol) => Of(appProtocol) is var named && named == BackendProtocol.Http ? BackendProtocol.AsAsked : named;

    /// <summary>Whether plain HTTP may be expected of those who ask for such a port; one that says nothing may be.</summary>
    public static bool MayBeHttp(string? appProtocol) =>
        appProtocol is null or "" or "http" or "http2" or "h2c" or "grpc" or "kubernetes.io/h2c" or "kubernetes.io/ws";
}
