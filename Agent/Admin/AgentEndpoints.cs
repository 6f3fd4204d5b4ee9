using System.Globalization;
using ClusterMesh.Agent.Admin.Trace;
using ClusterMesh.Agent.Explain;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Agent.Admin;

/// <summary>Which page answers what. All of them only read.</summary>
internal sealed class AgentEndpoints(AgentView view, DatapathView datapath, FlowsPage flows, PodExplainPage explain, TracePage trace, AgentTelemetry telemetry)
{
    private const string Policy = "/bpf/policy/";

    public Task InvokeAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET" or "HEAD", "/livez") => TextAsync(context, 200, "ok"),
        ("GET" or "HEAD", "/readyz") => TextAsync(context, view.IsReady ? 200 : 503, view.State),
        ("GET", "/metrics") => MetricsAsync(context),
        ("GET", "/state") => JsonAsync(context, view.Read(), StatusJson.Default.AgentState),
        ("GET", "/nodes") => JsonAsync(context, view.Nodes(), StatusJson.Default.IReadOnlyListNodeStatus),
        ("GET", "/identities") => JsonAsync(context, view.Identities(), StatusJson.Default.IReadOnlyListIdentityStatus),
        ("GET", "/endpoints") => JsonAsync(context, datapath.Endpoints(), StatusJson.Default.IReadOnlyListEndpointStatus),
        ("GET", "/flows") => flows.InvokeAsync(context),
        ("POST", "/explain") => explain.InvokeAsync(context),
        ("GET", "/policy/trace") => trace.InvokeAsync(context),
        ("GET", "/bpf/lb") => JsonAsync(context, datapath.Frontends(), StatusJson.Default.IReadOnlyListFrontendStatus),
        ("GET", "/bpf/tunnel") => JsonAsync(context, datapath.Tunnels(), StatusJson.Default.IReadOnlyListTunnelStatus),
        ("GET", "/bpf/ipcache") => JsonAsync(context, datapath.Ipcache(), StatusJson.Default.IReadOnlyListIpcacheStatus),
        ("GET", { } path) when path.StartsWith(Policy, StringComparison.Ordinal) => PolicyAsync(context, path[Policy.Length..]),
        _ => TextAsync(context, 404, "not here: /livez /readyz /metrics /state /nodes /identities /endpoints /flows /policy/trace /bpf/lb /bpf/tunnel /bpf/ipcache /bpf/policy/ENDPOINT, POST /explain"),
    };

    private Task PolicyAsync(HttpContext context, string endpoint) =>
        ushort.TryParse(endpoint, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && datapath.Policy(id) is { } entries
            ? JsonAsync(context, entries, StatusJson.Default.IReadOnlyListPolicyEntryStatus)
            : ErrorAsync(context, 404, $"there is no endpoint {endpoint} here");

    private async Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = Mesh.Telemetry.Prometheus.MetricText.ContentType;
        telemetry.Meters.Write(new(context.Response.BodyWriter));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
