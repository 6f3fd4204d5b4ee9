using System.Net;
using ClusterMesh.Load.Generator;
using ClusterMesh.Load.Http;
using static ClusterMesh.Load.Tests.ScriptedServer;

namespace ClusterMesh.Load.Tests;

/// <summary>The client against servers that answer well and badly: what counts as failed and what does not.</summary>
public sealed class LoadRunTests
{
    [Fact]
    public async Task Server_ThatAnswers_FailsNothingAndReusesConnections()
    {
        await using var server = new ScriptedServer((_, _) => new Answer(Ok));

        var tally = await LoadUntilAsync(server, t => t.Ok >= 100);

        Assert.Equal((0, 0), (tally.Failed, tally.Reconnects));
        Assert.Equal(tally.Sent, tally.Ok);
        Assert.InRange(server.Connections, 1, tally.Ok / 2);
    }

    [Fact]
    public async Task Server_ThatSaysClose_IsNotAReconnect()
    {
        await using var server = new ScriptedServer((_, _) => new Answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", Then.Close));

        var tally = await LoadUntilAsync(server, t => t.Ok >= 20);

        Assert.Equal((0, 0), (tally.Failed, tally.Reconnects));
        Assert.Equal(tally.Ok, server.Connections);
    }

    [Theory]
    [InlineData(Then.Close)]
    [InlineData(Then.Reset)]
    public async Task Connection_ReusedAndEndedBeforeAnyByte_IsReSentNotFailed(Then end)
    {
        await using var server = new ScriptedServer((_, request) => request == 1 ? new Answer(Ok) : new Answer("", end));

        var tally = await LoadUntilAsync(server, t => t.Reconnects >= 10);

        Assert.Equal(0, tally.Failed);
        Assert.Equal(tally.Sent, tally.Ok);
    }

    [Fact]
    public async Task Connection_NewAndEndedBeforeAnyByte_IsFailed()
    {
        await using var server = new ScriptedServer((_, _) => new Answer("", Then.Close));

        var tally = await LoadUntilAsync(server, t => t.Failed >= 10);

        Assert.Equal((0, 0), (tally.Ok, tally.Reconnects));
        Assert.Equal([FailureKind.Reset], tally.Failures.Keys);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart")]
    [InlineData("HTTP/1.1 200")]
    public async Task Connection_EndedWithinAnAnswer_IsFailedAlsoWhenReused(string part)
    {
        await using var server = new ScriptedServer((_, request) => request == 1 ? new Answer(Ok) : new Answer(part, Then.Close));

        var tally = await LoadUntilAsync(server, t => t.Failed >= 10);

        Assert.Equal(0, tally.Reconnects);
        Assert.Equal([FailureKind.Truncated], tally.Failures.Keys);
    }

    [Fact]
    public async Task Connection_ThatTwoTimesEndsBeforeAnyByte_IsReSentOnceOnly()
    {
        await using var server = new ScriptedServer((connection, request) => connection == 1 && request == 1 ? new Answer(Ok) : new Answer("", Then.Close));
        var plan = Plan(server.Address) with { Connections = new ConnectionLimits(1, 64, TimeSpan.FromSeconds(2)) };

        var tally = await LoadUntilAsync(plan, t => t.Failed >= 10);

        Assert.Equal((1, 1), (tally.Ok, tally.Reconnects));
        Assert.Equal([FailureKind.Reset], tally.Failures.Keys);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(404)]
    public async Task Status_ThatIsNoSuccess_IsFailed(int status)
    {
        await using var server = new ScriptedServer((_, _) => new Answer($"HTTP/1.1 {status} No\r\nContent-Length: 3\r\n\r\nwhy"));

        var tally = await LoadUntilAsync(server, t => t.Failed >= 10);

        Assert.Equal(0, tally.Ok);
        Assert.Equal([FailureKind.Status], tally.Failures.Keys);
        Assert.Equal([status], tally.Statuses.Keys);
        Assert.All(tally.FailureDetails, detail => Assert.EndsWith("server: why", detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_ThatNeverComes_TimesOut()
    {
        await using var server = new ScriptedServer((_, _) => new Answer(""));

        var tally = await LoadUntilAsync(server, t => t.Failed >= 3, timeout: TimeSpan.FromMilliseconds(200));

        Assert.Equal([FailureKind.Timeout], tally.Failures.Keys);
    }

    [Fact]
    public async Task Port_WithoutServer_IsRefused()
    {
        var server = new ScriptedServer((_, _) => default);
        var address = server.Address;
        await server.DisposeAsync();

        var tally = await LoadUntilAsync(Plan(address), t => t.Failed >= 3);

        Assert.Equal([FailureKind.Refused], tally.Failures.Keys);
    }

    [Fact]
    public async Task Requests_BeyondTheMostConnections_WaitAndAreAnswered()
    {
        await using var server = new ScriptedServer((_, _) => new Answer(Ok));
        var plan = Plan(server.Address) with { Connections = new ConnectionLimits(1, 1, TimeSpan.FromSeconds(2)) };

        var tally = await LoadUntilAsync(plan, t => t.Ok >= 100);

        Assert.Equal((0, 1), (tally.Failed, server.Connections));
    }

    [Fact]
    public async Task Target_NotReady_GetsNoNewRequests()
    {
        await using var one = new ScriptedServer((_, _) => new Answer(Ok));
        await using var other = new ScriptedServer((_, _) => new Answer(Ok));
        var plan = Plan(one.Address) with { Targets = [Named("one", one.Address), Named("other", other.Address)] };
        await using var run = LoadRun.Start(plan, TimeProvider.System);
        await Eventually.TrueAsync(() => run.Recorder.Total().Targets.CountOf("one") > 10, "both get requests");

        run.SetReady(0, false);
        await Eventually.TrueAsync(() => run.Recorder.Cut().Targets is { Total: > 0 } t && t.CountOf("one") == 0, "only the ready one does");
        Assert.Equal(0, (await run.StopAsync()).Failed);
    }

    private static Task<Tally> LoadUntilAsync(ScriptedServer server, Func<Tally, bool> enough, TimeSpan? timeout = null) =>
        LoadUntilAsync(timeout is { } t ? Plan(server.Address) with { Timeout = t } : Plan(server.Address), enough);

    private static async Task<Tally> LoadUntilAsync(LoadPlan plan, Func<Tally, bool> enough)
    {
        await using var run = LoadRun.Start(plan, TimeProvider.System);
        await Eventually.TrueAsync(() => enough(run.Recorder.Total()), "the load sees enough");
        return await run.StopAsync();
    }

    private static LoadPlan Plan(IPEndPoint address) => new(500, [Named("server", address)])
    {
        Connections = new ConnectionLimits(2, 64, TimeSpan.FromSeconds(2)),
        Timeout = TimeSpan.FromSeconds(10),
    };

    private static Target Named(string name, IPEndPoint address) => new(name, address, "load.test", "/");
}
