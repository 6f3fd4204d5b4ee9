using System.Net;
using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Echo;

namespace ClusterMesh.Cli.Tests.Demo;

public sealed class TrafficTests
{
    [Fact]
    public async Task Send_ToAnEcho_NotesWhoAnsweredAsOftenAsAsked()
    {
        await using var echo = await EchoServer.StartAsync([new(IPAddress.Loopback, 0)], new("s", "v2", "east", "p"), TimeProvider.System);
        using var traffic = new Traffic(echo.Address, TimeProvider.System);
        var sample = await traffic.SendAsync("any.example", 100, default, ("x-canary", "always"));
        Assert.Equal(100, sample.Served);
        Assert.Equal(100, sample.Percent(answer => answer is { Cluster: "east", Version: "v2", Pod: "p" }));
    }

    [Theory]
    [InlineData("?status=503", "status 503")]
    [InlineData("reset", null)]
    public async Task Send_ToAFailingBackend_NotesEachFailure(string path, string? why)
    {
        await using var echo = await EchoServer.StartAsync([new(IPAddress.Loopback, 0)], new("s", "v2", "east", "p"), TimeProvider.System);
        using var traffic = new Traffic(new(echo.Address, path), TimeProvider.System);
        var sample = await traffic.SendAsync("any.example", 10, default);
        Assert.Equal((0, 10), (sample.Served, sample.Answers.Count(answer => answer.Failure is not null && (why is null || answer.Failure == why))));
    }

    [Fact]
    public async Task Load_UntilStopped_KeepsSendingAndHandsOverEverything()
    {
        await using var echo = await EchoServer.StartAsync([new(IPAddress.Loopback, 0)], new("s", "v2", "east", "p"), TimeProvider.System);
        using var traffic = new Traffic(echo.Address, TimeProvider.System);
        await using var load = traffic.StartLoad("any.example", default);
        await load.MoreAsync(20, default);
        Assert.True(await load.UntilAsync(20, late => late.Percent(answer => answer.Cluster == "east") >= 100, TimeSpan.FromSeconds(30), default));
        Assert.False(await load.UntilAsync(1, late => late.Percent(answer => answer.Cluster == "west") >= 100, TimeSpan.FromMilliseconds(50), default));
        var all = await load.StopAsync();
        Assert.True(all.Served >= 40);
        Assert.Equal(all.Answers.Count, load.Sofar.Answers.Count);
    }
}
