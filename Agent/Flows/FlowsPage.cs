using System.Buffers;
using System.Text.Json;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Agent.Flows;

/// <summary>GET /flows: a line of JSON for each flow; with follow=true until the client goes away or the agent stops.</summary>
internal sealed class FlowsPage(FlowHistory history, CancellationToken stop)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (FlowQuery.Parse(context.Request.Query, out var error) is not { } query)
        {
            await ErrorAsync(context, 400, error);
            return;
        }

        using var follower = query.Follow ? history.Follow(query.Filter) : null;
        if (query.Follow && follower is null)
        {
            await ErrorAsync(context, 503, $"{FlowHistory.MostFollowers} clients follow the flows already, which is all that this agent serves");
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        if (follower is null) await WriteAsync(context, history.Read(query.Filter));
        else await FollowAsync(context, follower);
    }

    private async Task FollowAsync(HttpContext context, FlowFollower follower)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        try
        {
            await foreach (var batch in follower.ReadAsync(either.Token)) await WriteAsync(context, batch);
        }
        catch (OperationCanceledException)
        {
            // Somebody left: that is how it ends.
        }
    }

    private static async Task WriteAsync(HttpContext context, IReadOnlyList<FlowStatus> flows)
    {
        var to = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(to);
        foreach (var flow in flows)
        {
            JsonSerializer.Serialize(json, flow, StatusJson.Default.FlowStatus);
            json.Flush();
            to.Write("\n"u8);
            json.Reset();
        }

        await to.FlushAsync(context.RequestAborted);
    }
}
