using System.Net;
using System.Text.Json;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Agent.Tests.Flows;

public sealed class FlowsPageTests : IAsyncLifetime
{
    private readonly FlowHistory _history = new(new("west/n1", new FakeTime()), _ => { });
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private WebApplication? _app;

    public async Task InitializeAsync()
    {
        _app = AdminListener.Build(new IPEndPoint(IPAddress.Loopback, 0), NullLoggerFactory.Instance, new FlowsPage(_history, _stop.Token).InvokeAsync);
        await _app.StartAsync();
        _http.BaseAddress = new(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _stop.CancelAsync();
        await _app!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Get_TheLastOnes_IsALineOfJsonEach()
    {
        for (var i = 0; i < 10; i++) _history.Add(Told.Flow with { Bytes = i });
        var lines = (await _http.GetStringAsync("/flows?last=3&verdict=FORWARDED")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([7, 8, 9], lines.Select(line => Read(line).Bytes));
        Assert.Equal("rebel-base-0", Read(lines[0]).Destination.Pod);
    }

    [Fact]
    public async Task Get_AWrongFilter_Is400WithAReason()
    {
        using var answer = await _http.GetAsync("/flows?port=http");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("is not a port", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_GivesEachFlowAsItComesAndEndsWithTheAgent()
    {
        using var answer = await _http.GetAsync("/flows?follow=true", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        _history.Add(Told.Flow with { Bytes = 1 });
        Assert.Equal(1, Read((await lines.ReadLineAsync())!).Bytes);
        _history.Add(Told.Flow with { Bytes = 2 });
        Assert.Equal(2, Read((await lines.ReadLineAsync())!).Bytes);
        await _stop.CancelAsync();
        Assert.Null(await lines.ReadLineAsync());
        await Eventually.TrueAsync(() => _history.Followers == 0, "nobody follows");
    }

    [Fact]
    public async Task Follow_TheClientLeaves_FreesItsPlace()
    {
        var answer = await _http.GetAsync("/flows?follow=true", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(1, _history.Followers);
        answer.Dispose();
        await Eventually.TrueAsync(() => _history.Followers == 0, "nobody follows");
    }

    private static FlowStatus Read(string line) => JsonSerializer.Deserialize(line, StatusJson.Default.FlowStatus)!;
}
