using System.Text.Json;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;
using static ClusterMesh.Mesh.Hosting.AdminAnswer;

namespace ClusterMesh.Agent.Admin;

/// <summary>What changes something, and beside it every page that reads.</summary>
internal sealed class AgentApi(NodeDatapath? datapath, DatapathView view, AgentEndpoints pages)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (EndpointException exception)
        {
            await ErrorAsync(context, exception.Status, exception.Message);
        }
        catch (Exception exception) when (exception is NetworkException or BpfException or IOException)
        {
            await ErrorAsync(context, 500, exception.Message);
        }
        catch (JsonException exception)
        {
            await ErrorAsync(context, 400, $"the body is not an endpoint request: {exception.Message}");
        }
    }

    private Task AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value?.Split('/')) switch
    {
        ("POST", ["", "endpoints"]) => AddAsync(context),
        ("DELETE", ["", "endpoints", var space, var name]) => RemoveAsync(context, new(space, name)),
        _ => pages.InvokeAsync(context),
    };

    private async Task AddAsync(HttpContext context)
    {
        var request = await JsonSerializer.DeserializeAsync(context.Request.Body, StatusJson.Default.EndpointRequest, context.RequestAborted) ?? throw new JsonException("it is empty");
        var endpoint = await Datapath.AddEndpointAsync(request);
        await JsonAsync(context, view.Status(endpoint), StatusJson.Default.EndpointStatus);
    }

    private async Task RemoveAsync(HttpContext context, ObjectKey pod)
    {
        await Datapath.RemoveEndpointAsync(pod);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private NodeDatapath Datapath => datapath ?? throw new EndpointException(409, "this agent moves no packets (--datapath none): it has no endpoints");
}
