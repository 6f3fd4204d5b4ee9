using System.Text.Json;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Agent.Explain;

/// <summary>POST /explain with from: NS/POD: the whole way of a request of a pod of this node.</summary>
/// <param name="scene">Null: nothing is known yet, or this agent moves no packets.</param>
internal sealed class PodExplainPage(Func<PodScene?> scene, ProxyAdmin proxy)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync(context.Request.Body, StatusJson.Default.ExplainRequest, context.RequestAborted);
            if (request is not { Method: not null, Headers: not null } || request.From?.Split('/') is not [{ Length: > 0 } space, { Length: > 0 } name])
                await ErrorAsync(context, 400, "from: the pod that asks is needed, NAMESPACE/POD; what comes from outside the gateway explains");
            else if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
                await ErrorAsync(context, 400, "url: an absolute http or https URL is needed");
            else
                await AnswerAsync(context, request, new(space, name), url);
        }
        catch (JsonException exception)
        {
            await ErrorAsync(context, 400, $"the body is not an explain request: {exception.Message}");
        }
    }

    private async Task AnswerAsync(HttpContext context, ExplainRequest request, ObjectKey pod, Uri url)
    {
        var cancel = context.RequestAborted;
        if (scene() is not { } now)
            await ErrorAsync(context, 503, "this agent has nothing to explain: it moves no packets (--datapath none), or has not begun yet");
        else if (!now.Pods.TryGetValue(pod, out var from))
            await ErrorAsync(context, 404, $"pod {pod} has no endpoint on {now.Cluster}/{now.Node}: ask the agent of its node");
        else
            await JsonAsync(context, await new PodExplainer(now, from, asked => proxy.ExplainAsync(asked, cancel)).ExplainAsync(request, url), StatusJson.Default.Explanation);
    }
}
