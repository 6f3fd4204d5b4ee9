using System.Net;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Wire.Flows;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Proxy.Record.Tracing;

namespace ClusterMesh.Proxy.Record.Flows;

/// <summary>What a flow says of a request, taken out of the context before that serves the next one.</summary>
internal static class ExchangeFlow
{
    public static RequestKind KindOf(Exchange exchange, Caller caller, int status)
    {
        var request = exchange.Context.Request;
        var reason = exchange.End.IsError() ? exchange.End.Text() : exchange.Backend is null ? "" : exchange.Reason.Text();
        return new(
            // A client of the gateway has not the gateway's identity; who it is its address says.
            Plain(exchange.Context.Connection.RemoteIpAddress), caller.Scope == CallerScope.Gateway ? 0 : caller.Identity, Destination(exchange, caller).Address, exchange.Backend?.Backend.Cluster ?? "",
            RequestMethods.Name(RequestMethods.Number(request.Method)), status, reason, caller.Scope == CallerScope.Ingress);
    }

    public static RequestFlow Of(Exchange exchange, Caller caller, in RequestKind kind, DateTimeOffset ended, TimeSpan duration)
    {
        var (request, target) = (exchange.Context.Request, exchange.Decided ? exchange.Target : null);
        return new(kind)
        {
            Time = ended,
            Latency = duration,
            SourcePort = exchange.Context.Connection.RemotePort,
            DestinationPort = Destination(exchange, caller).Port,
            Asked = new(Plain(caller.Asked.Address), caller.Asked.Port),
            Method = Cut(request.Method),
            Host = Cut(request.Host.Value ?? ""),
            Path = exchange.Described ? Cut(exchange.Path) : "",
            Protocol = request.Protocol,
            Target = target is null ? "" : Cut(target.Name),
            Split = target is null ? "" : exchange.Split.Text(),
            Pool = exchange.Backend is null ? "" : exchange.Reason.Text(),
            End = exchange.End.Text(),
            PolicyRule = Cut(exchange.PolicyRule ?? ""),
            TraceId = TraceIds.Of(exchange) ?? "",
            Attempts = exchange.Attempts,
        };
    }

    // A backend by name cannot come from the kernel's maps; then it is what was asked for.
    private static (IPAddress Address, int Port) Destination(Exchange exchange, Caller caller) =>
        exchange.Backend is { Backend: { } backend } && IPAddress.TryParse(backend.Address, out var address)
            ? (address, backend.Port)
            : (Plain(caller.Asked.Address), caller.Asked.Port);

    private static IPAddress Plain(IPAddress? address) => address is null ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string Cut(string text) => Text.Cut(text, RequestFlow.LongestText);
}
