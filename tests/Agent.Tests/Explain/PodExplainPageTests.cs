using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClusterMesh.Agent.Explain;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Agent.Tests.Explain;

/// <summary>The agent's page, and a proxy's admin socket behind it.</summary>
public sealed class PodExplainPageTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-explain-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<WebApplication> _apps = [];
    private ProxyAdmin _proxy = null!;
    private bool _hasProxy;

    private string Socket => Path.Combine(_directory, "proxy.sock");

    public async Task InitializeAsync()
    {
        _proxy = new(Socket);
        var page = new PodExplainPage(() => (_hasProxy ? new ExplainScene().L7().Proxy() : new ExplainScene().L7()).Build(), _proxy);
        var agent = AdminListener.Build(new IPEndPoint(IPAddress.Loopback, 0), NullLoggerFactory.Instance, page.InvokeAsync);
        _apps.Add(agent);
        await agent.StartAsync();
        _http.BaseAddress = new(agent.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _proxy.Dispose();
        foreach (var app in _apps) await app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Explain_AProxyThatIsReady_AddsItsSteps()
    {
        ExplainRequest? asked = null;
        await ServeAsync(async context =>
        {
            asked = await JsonSerializer.DeserializeAsync(context.Request.Body, StatusJson.Default.ExplainRequest);
            await AdminAnswer.JsonAsync(context, new("reject", 403, null, "r", null, null, null, null, "policy_denied", [], [], [], [new("authorize", "no rule allows PUT")]), StatusJson.Default.Explanation);
        });
        var explanation = await ExplainAsync(new("PUT", "http://rebel-base/x", [new("a", "b")], "demo/x-wing"));
        Assert.Equal(("reject", 403, "no rule allows PUT"), (explanation.Outcome, explanation.Status, explanation.Steps[^1].Text));
        Assert.Equal(("PUT", "http://rebel-base/x", new("a", "b"), "service"), (asked!.Method, asked.Url, asked.Headers.Single(), asked.Caller!.Scope));
    }

    [Fact]
    public async Task Explain_NoProxyTakesConnections_IsTheKernelsWay()
    {
        var explanation = await ExplainAsync(new("GET", "http://rebel-base/", [], "demo/x-wing"));
        Assert.Contains(explanation.Steps, step => step.Stage == "way" && step.Text.EndsWith("no proxy takes connections now", StringComparison.Ordinal));
        Assert.Equal("forward", explanation.Outcome);
    }

    [Theory]
    [InlineData("""{"error":"boom"}""", 500, "answers 500")]
    [InlineData("no json", 200, "cannot be asked")]
    [InlineData("{}", 200, "does not answer with an explanation")]
    public async Task Explain_AProxyThatIsOdd_IsSaidAndNothingBreaks(string body, int status, string why)
    {
        await ServeAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        });
        var explanation = await ExplainAsync(new("GET", "http://rebel-base/", [], "demo/x-wing"));
        Assert.Equal("proxy", explanation.Outcome);
        Assert.Contains(why, explanation.Steps[^1].Text);
    }

    [Theory]
    [InlineData("""{"method":"GET","url":"http://a/","headers":[]}""", 400, "from: the pod")]
    [InlineData("""{"method":"GET","url":"http://a/","headers":[],"from":"x-wing"}""", 400, "from: the pod")]
    [InlineData("""{"method":"GET","url":"ftp://a/","headers":[],"from":"demo/x-wing"}""", 400, "url: an absolute")]
    [InlineData("""{"method":"GET","url":"http://u:p@a/","headers":[],"from":"demo/x-wing"}""", 400, "url: an absolute")]
    [InlineData("""{"url":"http://a/","from":"demo/x-wing"}""", 400, "from: the pod")]
    [InlineData("""{"method":"GET","url":"http://a/","headers":[],"from":"demo/y-wing"}""", 404, "pod demo/y-wing has no endpoint on west/n1: ask the agent of its node")]
    [InlineData("[", 400, "the body is not an explain request")]
    public async Task Explain_AWrongRequest_IsRefusedWithAReason(string body, int status, string error)
    {
        using var answer = await _http.PostAsync("/explain", new StringContent(body));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(error, await answer.Content.ReadAsStringAsync());
    }

    private async Task ServeAsync(RequestDelegate answer)
    {
        var proxy = AdminListener.Build(Socket, NullLoggerFactory.Instance, answer);
        _apps.Add(proxy);
        await proxy.StartAsync();
        _hasProxy = true;
    }

    private async Task<Explanation> ExplainAsync(ExplainRequest request)
    {
        using var answer = await _http.PostAsJsonAsync("/explain", request, StatusJson.Default.ExplainRequest);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(StatusJson.Default.Explanation))!;
    }
}
