using System.Text.Json;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Proxy.Admin;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Proxy.Explain;

/// <summary>POST /explain: what would be decided for the request in the body.</summary>
internal sealed class ExplainPage(IProxyHost host, ProxyCore proxy)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync(context.Request.Body, StatusJson.Default.ExplainRequest, context.RequestAborted);
            if (request is null || ExplainedRequest.Parse(request) is not { } asked)
            {
                await ErrorAsync(context, 400, "url: an absolute http or https URL is needed, and caller.asked, where there is a caller, as ADDRESS:PORT");
                return;
            }

            await JsonAsync(context, new Explainer(host, proxy).Explain(asked), StatusJson.Default.Explanation);
        }
        catch (JsonException exception)
        {
            await ErrorAsync(context, 400, $"the body is not an explain request: {exception.Message}");
        }
    }
}
