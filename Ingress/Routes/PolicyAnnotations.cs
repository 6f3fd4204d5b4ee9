using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>How an Ingress wants its requests forwarded: protocol, redirects, times, sizes.</summary>
internal static class PolicyAnnotations
{
    public static PolicyTemplate Read(AnnotationReader reader) => new(
        new RoutePolicy
        {
            ConnectTimeout = ReadTime(reader, AnnotationNames.ProxyConnectTimeout, RoutePolicy.Default.ConnectTimeout),
            ReadTimeout = ReadTime(reader, AnnotationNames.ProxyReadTimeout, RoutePolicy.Default.ReadTimeout),
            RequestTimeout = reader.Read<TimeSpan?>(
                AnnotationNames.RequestTimeout, AnnotationTimes.TryBound, null, "a time such as 30s or 1m30s", "no bound is used"),
            MaxRequestBodyBytes = reader.Read<long?>(
                AnnotationNames.ProxyBodySize, AnnotationValues.TrySize, null, "a size such as 8m, 1g or 0", "no limit is used"),
            Retry = RetryAnnotations.Read(reader),
            LoadBalance = LoadBalanceAnnotations.Read(reader),
            Session = SessionAnnotations.Read(reader),
        },
        ReadProtocol(reader),
        RedirectWithTls: reader.ReadBool(AnnotationNames.SslRedirect, otherwise: true),
        RedirectAlways: reader.ReadBool(AnnotationNames.ForceSslRedirect, otherwise: false),
        StickyBy: reader.Read<HashKey?>(
            AnnotationNames.SplitBy, HashKeySyntax.TrySticky, null, "header:NAME, cookie:NAME or client-address",
            "each request is drawn on its own"));

    /// <summary>On a canary only these count; the rest comes from its main Ingress and is not even read.</summary>
    public static PolicyTemplate ReadOnCanary(AnnotationReader reader) => new(
        new RoutePolicy { LoadBalance = LoadBalanceAnnotations.Read(reader), Session = SessionAnnotations.Read(reader) },
        null, RedirectWithTls: false, RedirectAlways: false, null);

    private static TimeSpan ReadTime(AnnotationReader reader, string name, TimeSpan otherwise) => reader.Read(
        name, AnnotationTimes.TryPositive, otherwise, "a number of seconds above 0", $"{otherwise.TotalSeconds:0} s is used");

    /// <summary>Null only where nothing is set: for what cannot be read, the port's own protocol does not stand in.</summary>
    private static BackendProtocol? ReadProtocol(AnnotationReader reader) =>
        reader.Find(AnnotationNames.BackendProtocol) is null
            ? null
            : reader.Read(
                AnnotationNames.BackendProtocol, TryProtocol, BackendProtocol.Http, "HTTP, HTTPS, GRPC or GRPCS", "HTTP is used");

    private static bool TryProtocol(string text, out BackendProtocol protocol)
    {
        (var known, protocol) = text.ToUpperInvariant() switch
        {
            "HTTP" => (true, BackendProtocol.Http),
            "HTTPS" => (true, BackendProtocol.Https),
            "GRPC" => (true, BackendProtocol.Grpc),
            "GRPCS" => (true, BackendProtocol.Grpcs),
            _ => (false, BackendProtocol.Http),
        };
        return known;
    }
}
