using System.Text.Json;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Cli.Tests;

/// <summary>An agent's admin port that says what a test tells it to, and may change its mind.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeAgent(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public int Asked { get; private set; }

    /// <param name="state">Gets how often it was asked before.</param>
    public static async Task<FakeAgent> StartAsync(Func<int, AgentState> state, IReadOnlyList<NodeStatus>? nodes = null, IReadOnlyList<IdentityStatus>? identities = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var agent = new FakeAgent(app);
        app.Run(context => context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/state" => JsonSerializer.Serialize(state(agent.Asked++), StatusJson.Default.AgentState),
            "/nodes" => JsonSerializer.Serialize(nodes ?? [], StatusJson.Default.IReadOnlyListNodeStatus),
            _ => JsonSerializer.Serialize(identities ?? [], StatusJson.Default.IReadOnlyListIdentityStatus),
        }));
        await app.StartAsync();
        return agent;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
