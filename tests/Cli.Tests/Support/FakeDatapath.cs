using System.Collections.Concurrent;
using System.Text.Json;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Cli.Tests;

/// <summary>An agent with a data path, at a Unix socket: pages by path, and what was asked of it.</summary>
internal sealed class FakeDatapath : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentDictionary<string, string> _pages = new();
    private WebApplication? _app;

    public string Url => $"unix:{_directory.Path}/agent.sock";

    public string Web => _app!.Urls.Single(url => url.StartsWith("http://127", StringComparison.Ordinal));

    /// <summary>"GET /flows?last=20", and bodies.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public static async Task<FakeDatapath> StartAsync()
    {
        var agent = new FakeDatapath();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket($"{agent._directory.Path}/agent.sock");
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        agent._app = builder.Build();
        ((IApplicationBuilder)agent._app).Run(agent.AnswerAsync);
        await agent._app.StartAsync();
        return agent;
    }

    public FakeDatapath With<T>(string path, T page, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => With(path, JsonSerializer.Serialize(page, type));

    /// <param name="path">"/nodes", or with another method "POST /endpoints".</param>
    public FakeDatapath With(string path, string body)
    {
        _pages[path] = body;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _directory.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        Asked.Enqueue($"{method} {path}{context.Request.QueryString}{(body.Length > 0 ? " " + body : "")}");
        var known = _pages.TryGetValue(method == "GET" ? path : $"{method} {path}", out var page);
        context.Response.StatusCode = known ? page!.Length == 0 ? 204 : 200 : 404;
        await context.Response.WriteAsync(known ? page! : """{"error":"there is no such thing here"}""");
    }
}
