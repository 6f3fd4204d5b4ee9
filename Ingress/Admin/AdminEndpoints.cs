using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Proxy;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Ingress.Admin;

/// <summary>Which page answers what. All of them only read.</summary>
internal sealed class AdminEndpoints(IngressOptions options, ProxyCore proxy, IngressState state)
{
    public Task InvokeAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET" or "HEAD", "/livez") => TextAsync(context, 200, "ok"),
        ("GET" or "HEAD", "/readyz") => TextAsync(context, state.Lifecycle.IsReady ? 200 : 503, state.Lifecycle.State),
        _ => TextAsync(context, 404, "not here: /livez /readyz /metrics /state, POST /explain"),
    };

    private static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n");
    }
}
