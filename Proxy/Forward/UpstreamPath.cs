using ClusterMesh.Mesh.Routes;
using Yarp.ReverseProxy.Forwarder;

namespace ClusterMesh.Proxy.Forward;

/// <summary>What forwarding needs to know of a route, made once for it.</summary>
internal sealed record UpstreamPath(HttpMessageInvoker Invoker, ForwarderRequestConfig Config, bool Secure)
{
    public static UpstreamPath For(RoutePolicy policy, InvokerPool invokers)
    {
        var http2 = policy.Protocol is BackendProtocol.Grpc or BackendProtocol.Grpcs;
        var config = new ForwarderRequestConfig
        {
            ActivityTimeout = policy.ReadTimeout,
            Version = http2 ? System.Net.HttpVersion.Version20 : System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return new(invokers.Get(policy), config, policy.Protocol is BackendProtocol.Https or BackendProtocol.Grpcs);
    }
}
