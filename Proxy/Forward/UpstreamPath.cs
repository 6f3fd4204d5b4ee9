using ClusterMesh.Mesh.Routes;
using Yarp.ReverseProxy.Forwarder;

namespace ClusterMesh.Proxy.Forward;

/// <summary>What forwarding needs to know of a target, made once for it.</summary>
internal sealed class UpstreamPath(RoutePolicy policy, InvokerPool invokers)
{
    private readonly ForwarderRequestConfig _http1 = Config(policy, System.Net.HttpVersion.Version11), _http2 = Config(policy, System.Net.HttpVersion.Version20);
    private HttpMessageInvoker? _edge;

    public bool Secure { get; } = policy.Protocol is BackendProtocol.Https or BackendProtocol.Grpcs;

    public ForwarderRequestConfig ConfigFor(string protocol) => policy.Protocol switch
    {
        BackendProtocol.Grpc or BackendProtocol.Grpcs => _http2,
        BackendProtocol.AsAsked when Microsoft.AspNetCore.Http.HttpProtocol.IsHttp2(protocol) => _http2,
        _ => _http1,
    };

    public HttpMessageInvoker InvokerFor(Exchange exchange) =>
        exchange.Caller is { } caller ? invokers.Get(policy, caller.Upstream, exchange.Attempts > 1 ? exchange.Route!.State.Time.GetTimestamp() : exchange.Started) : _edge ??= invokers.Get(policy, default, exchange.Started);

    private static ForwarderRequestConfig Config(RoutePolicy policy, Version version) =>
        new() { ActivityTimeout = policy.ReadTimeout, Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
