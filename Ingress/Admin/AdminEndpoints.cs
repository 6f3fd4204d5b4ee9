using ClusterMesh.Proxy.Hosting;
using System.Text.Json;
using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Proxy;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Ingress.Admin;

/// <summary>Which page answers what. All of them only read.</summary>
internal sealed class AdminEndpoints(IngressOptions options, ProxyCore proxy, IngressState state, TelemetryHost telemetry)
{
    private readonly MetricsPage _metrics = new(options, proxy, state, telemetry);

    public Task InvokeAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET" or "HEAD", "/livez") => TextAsync(context, 200, "ok"),
        ("GET" or "HEAD", "/readyz") => TextAsync(context, state.Lifecycle.IsReady ? 200 : 503, state.Lifecycle.State),
        ("GET", "/metrics") => _metrics.InvokeAsync(context),
        ("GET", "/state") or ("POST", "/explain") when proxy.State.Snapshot is null => ErrorAsync(context, 503, "no snapshot yet: the agent has not answered"),
        ("GET", "/state") => JsonAsync(context, StateView.Of(options, proxy, state), StatusJson.Default.GatewayState),
        ("POST", "/explain") => ExplainAsync(context),
        _ => TextAsync(context, 404, "not here: /livez /readyz /metrics /state, POST /explain"),
    };

    private async Task ExplainAsync(HttpContext context)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync(context.Request.Body, StatusJson.Default.ExplainRequest, context.RequestAborted);
            if (request is null || Explainer.Parse(request) is not { } asked)
            {
                await ErrorAsync(context, 400, "url: an absolute http or https URL is needed");
                return;
            }

            await JsonAsync(context, new Explainer(options, proxy).Explain(asked), StatusJson.Default.Explanation);
        }
        catch (JsonException exception)
        {
            await ErrorAsync(context, 400, $"the body is not an explain request: {exception.Message}");
        }
    }
}
