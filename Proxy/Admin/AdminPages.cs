using ClusterMesh.Mesh.Status;
using ClusterMesh.Proxy.Explain;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Proxy.Admin;

/// <summary>Which page answers what, at the edge and on the nodes. All of them only read.</summary>
internal sealed class AdminPages(ProxyCore proxy, IProxyHost host)
{
    private readonly MetricsPage _metrics = new(proxy, host);
    private readonly ExplainPage _explain = new(host, proxy);

    public Task InvokeAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET" or "HEAD", "/livez") => TextAsync(context, 200, "ok"),
        ("GET" or "HEAD", "/readyz") => TextAsync(context, host.Lifecycle.IsReady ? 200 : 503, host.Lifecycle.State),
        ("GET", "/metrics") => _metrics.InvokeAsync(context),
        ("GET", "/state") or ("POST", "/explain") when proxy.State.Snapshot is null => ErrorAsync(context, 503, "no snapshot yet: the agent has not answered"),
        ("GET", "/state") => JsonAsync(context, StateView.Of(proxy, host), StatusJson.Default.GatewayState),
        ("POST", "/explain") => _explain.InvokeAsync(context),
        _ => TextAsync(context, 404, "not here: /livez /readyz /metrics /state, POST /explain"),
    };
}
