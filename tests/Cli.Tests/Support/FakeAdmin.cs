using System.Text.Json;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Cli.Tests;

/// <summary>A gateway's admin port that says what a test tells it to.</summary>
internal sealed class FakeAdmin : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeAdmin(WebApplication app) => _app = app;

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The last request that was to be explained.</summary>
    public ExplainRequest? Asked { get; private set; }

    public static Task<FakeAdmin> StartAsync(GatewayState state) =>
        StartAsync((200, JsonSerializer.Serialize(state, StatusJson.Default.GatewayState)), (404, "{}"));

    public static Task<FakeAdmin> StartAsync(Explanation explanation) =>
        StartAsync((404, "{}"), (200, JsonSerializer.Serialize(explanation, StatusJson.Default.Explanation)));

    public static async Task<FakeAdmin> StartAsync((int Status, string Body) state, (int Status, string Body) explain)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var admin = new FakeAdmin(app);
        app.Run(async context =>
        {
            var answer = (404, "");
            if (context.Request is { Method: "GET", Path.Value: "/state" })
                answer = state;
            if (context.Request is { Method: "POST", Path.Value: "/explain" })
            {
                admin.Asked = await JsonSerializer.DeserializeAsync(context.Request.Body, StatusJson.Default.ExplainRequest);
                answer = explain;
            }

            context.Response.StatusCode = answer.Item1;
            await context.Response.WriteAsync(answer.Item2);
        });
        await app.StartAsync();
        return admin;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
