using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Mesh;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Datapath;

public sealed class ReconcileLoopTests
{
    [Fact]
    public async Task Order_Given_IsDoneThenPassedThenAnswered()
    {
        var said = new List<string>();
        await RunAsync(() => { said.Add("pass"); return true; }, async loop =>
        {
            Assert.Equal("answer", await loop.DoAsync(() => { said.Add("work"); return "answer"; }, answer => { said.Add("answered"); return answer; }));
            Assert.Equal(["work", "pass", "answered"], said);
        });
    }

    [Fact]
    public async Task Order_ThatFails_ThrowsWhereItWasGivenAndTheLoopGoesOn() => await RunAsync(() => true, async loop =>
    {
        var refused = await Assert.ThrowsAsync<EndpointException>(() => loop.DoAsync<int, int>(() => throw new EndpointException(409, "taken"), one => one));
        Assert.Equal(409, refused.Status);
        Assert.Equal(2, await loop.DoAsync(() => 1, one => one + 1));
        await Assert.ThrowsAsync<EndpointException>(() => loop.DoAsync<int, int>(() => 1, _ => throw new EndpointException(500, "not written")));
    });

    [Fact]
    public async Task Pass_ThatFailed_IsDoneAgainWithoutBeingAsked()
    {
        var passes = 0;
        await RunAsync(() => Interlocked.Increment(ref passes) >= 3, async loop =>
        {
            loop.Wake();
            await Eventually.TrueAsync(() => Volatile.Read(ref passes) >= 3, "the third pass");
        });
    }

    [Fact]
    public async Task Changes_ManyInAMoment_AreOnePass()
    {
        var passes = 0;
        await RunAsync(() => { Interlocked.Increment(ref passes); return true; }, async loop =>
        {
            for (var i = 0; i < 1000; i++) loop.Wake();
            await Eventually.TrueAsync(() => Volatile.Read(ref passes) > 0, "a pass");
            Assert.InRange(Volatile.Read(ref passes), 1, 3);
        });
    }

    private static async Task RunAsync(Func<bool> pass, Func<ReconcileLoop, Task> test)
    {
        using var stop = new CancellationTokenSource();
        using var loop = new ReconcileLoop(pass, TimeProvider.System, new ThreadChance());
        var running = loop.RunAsync(stop.Token);
        await test(loop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
