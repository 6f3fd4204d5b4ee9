using System.Net;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Record.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterMesh.Proxy.Record.Access;

/// <summary>What the access log says of one request, taken out of the context before that serves the next one. Never a credential.</summary>
internal sealed record AccessEntry
{
    /// <summary>When the request began.</summary>
    public required DateTimeOffset Time { get; init; }

    public required TimeSpan Duration { get; init; }

    public required string Method { get; init; }

    public string? Host { get; init; }

    /// <summary>In its normal form, without query; null when the request was refused before it had one.</summary>
    public string? Path { get; init; }

    /// <summary>The request target as it was sent.</summary>
    public string? Url { get; init; }

    public required string Protocol { get; init; }

    public required int Status { get; init; }

    public EndReason End { get; init; }

    public bool RetriesSpent { get; init; }

    public string? Route { get; init; }

    public string? Owner { get; init; }

    public string? Service { get; init; }

    public SplitReason? Split { get; init; }

    public Backend? Backend { get; init; }

    public PoolReason Reason { get; init; }

    public int Attempts { get; init; }

    /// <summary>0 = no backend gave one.</summary>
    public int UpstreamStatus { get; init; }

    public long? RequestBytes { get; init; }

    public long? ResponseBytes { get; init; }

    public IPAddress? Client { get; init; }

    public string? RequestId { get; init; }

    public string? TraceId { get; init; }

    public string? UserAgent { get; init; }

    public string? Referer { get; init; }

    public static AccessEntry Of(Exchange exchange, int status, DateTimeOffset began, TimeSpan duration)
    {
        var (request, response) = (exchange.Context.Request, exchange.Context.Response);
        var (described, decided) = (exchange.Described, exchange.Decided);
        return new()
        {
            Time = began,
            Duration = duration,
            Method = request.Method,
            Host = request.Host.Value,
            Path = described ? exchange.Path : null,
            Url = exchange.Context.Features.Get<IHttpRequestFeature>()?.RawTarget,
            Protocol = request.Protocol,
            Status = status,
            End = exchange.End,
            RetriesSpent = exchange.RetriesSpent,
            Route = exchange.Route?.Model.Name,
            Owner = exchange.Route?.Model.Owner,
            Service = decided ? exchange.Target!.Name : null,
            Split = decided ? exchange.Split : null,
            Backend = exchange.Backend?.Backend,
            Reason = exchange.Reason,
            Attempts = exchange.Attempts,
            UpstreamStatus = exchange.UpstreamStatus,
            RequestBytes = request.ContentLength,
            ResponseBytes = HttpMethods.IsHead(request.Method) ? 0 : response.ContentLength,
            Client = exchange.Facts.Client ?? exchange.Context.Connection.RemoteIpAddress,
            RequestId = described ? exchange.RequestId : null,
            TraceId = TraceIds.Of(exchange),
            UserAgent = First(request.Headers.UserAgent),
            Referer = First(request.Headers.Referer),
        };
    }

    private static string? First(Microsoft.Extensions.Primitives.StringValues values) => values.Count > 0 ? values[0] : null;
}
