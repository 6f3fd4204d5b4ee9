using ClusterMesh.Agent.Datapath;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Agent.Admin.Trace;

/// <summary>GET /policy/trace?from=NS/POD&amp;to=NS/POD&amp;port=80/TCP, and of a request method, path, host and header.</summary>
internal sealed class TracePage(NodeDatapath? datapath)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (datapath is null) return ErrorAsync(context, 409, "this agent moves no packets (--datapath none): it enforces no policies");
        if (TraceQuery.Parse(context.Request.Query, out var error) is not { } query) return ErrorAsync(context, 400, error);
        var ends = new TraceEnds(datapath);
        if (ends.Find(query.From, out error) is not { } from) return ErrorAsync(context, 404, $"from: {error}");
        if (ends.Find(query.To, out error) is not { } to) return ErrorAsync(context, 404, $"to: {error}");
        return JsonAsync(context, PolicyTrace.Of(query, from, to), StatusJson.Default.PolicyTraceStatus);
    }
}
