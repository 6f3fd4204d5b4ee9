using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Forward;

namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>The same durations as instruments, for OTLP. Recorded only while somebody listens: they cost several times our own series.</summary>
internal static class ProxyMeter
{
    public const string Name = "ClusterMesh.Proxy";

    private static readonly Meter s_meter = new(Name);
    private static readonly InstrumentAdvice<double> s_advice = new() { HistogramBucketBoundaries = RequestSeries.Bounds };

    public static readonly Histogram<double> Server = Duration("http.server.request.duration", "Duration of HTTP server requests.");

    public static readonly Histogram<double> Client = Duration("http.client.request.duration", "Duration of HTTP client requests.");

    public static void RecordRequest(Exchange exchange, int status, TimeSpan time)
    {
        var request = exchange.Context.Request;
        var tags = new TagList
        {
            { "http.request.method", RequestMethods.Name(RequestMethods.Number(request.Method)) },
            { "http.response.status_code", status },
            { "url.scheme", request.Scheme },
            { "network.protocol.version", HttpVersions.Of(request.Protocol) },
        };
        if (exchange.Route is { } route) tags.Add("http.route", route.Model.Name);
        if (exchange.Decided) tags.Add(SpanAttributes.Split, exchange.Split.Text());
        AddBackend(ref tags, exchange);
        if (ErrorType.OfRequest(exchange.End, status) is { } error) tags.Add("error.type", error);
        Server.Record(time.TotalSeconds, tags);
    }

    public static void RecordAttempt(Exchange exchange, in AttemptEnd end, TimeSpan time)
    {
        var backend = exchange.Backend!.Backend;
        var tags = new TagList
        {
            { "http.request.method", RequestMethods.Name(RequestMethods.Number(exchange.Context.Request.Method)) },
            { "server.address", backend.Address },
            { "server.port", backend.Port },
        };
        if (end.Status > 0) tags.Add("http.response.status_code", end.Status);
        AddBackend(ref tags, exchange);
        if (ErrorType.OfAttempt(end.Reason, end.Status) is { } error) tags.Add("error.type", error);
        Client.Record(time.TotalSeconds, tags);
    }

    private static void AddBackend(ref TagList tags, Exchange exchange)
    {
        if (exchange.Decided) tags.Add(SpanAttributes.Service, exchange.Target!.Name);
        if (exchange.Backend is not { } backend) return;
        tags.Add(SpanAttributes.Cluster, backend.Backend.Cluster);
        tags.Add(SpanAttributes.Reason, exchange.Reason.Text());
    }

    private static Histogram<double> Duration(string name, string description) => s_meter.CreateHistogram(name, "s", description, tags: null, s_advice);
}
