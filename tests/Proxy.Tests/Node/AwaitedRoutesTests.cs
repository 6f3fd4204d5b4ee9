using System.Net;
using ClusterMesh.Proxy.Node;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Node;

public sealed class AwaitedRoutesTests
{
    private static readonly IPEndPoint s_asked = IPEndPoint.Parse("10.96.0.1:80");

    private readonly FakeTime _time = new();
    private readonly AwaitedRoutes _routes;
    private bool _there;

    public AwaitedRoutesTests() => _routes = new(_time);

    [Fact]
    public async Task Wait_RoutesComeWithTheSecondSnapshot_EndsThen()
    {
        var waiting = _routes.WaitAsync(s_asked, () => _there, default);
        _routes.Applied();
        Assert.False(waiting.IsCompleted);
        _there = true;
        _routes.Applied();
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Wait_InVain_EndsAndIsNotRepeated()
    {
        var waiting = _routes.WaitAsync(s_asked, () => _there, default);
        _time.Advance(TimeSpan.FromSeconds(3));
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(_routes.WaitAsync(s_asked, () => _there, default).IsCompleted);
        Assert.False(_routes.WaitAsync(IPEndPoint.Parse("10.96.0.2:80"), () => _there, default).IsCompleted);
    }

    [Fact]
    public async Task Wait_ClientGone_EndsAndSaysNothingOfTheNext()
    {
        using var gone = new CancellationTokenSource();
        var waiting = _routes.WaitAsync(s_asked, () => _there, gone.Token);
        await gone.CancelAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(_routes.WaitAsync(s_asked, () => _there, default).IsCompleted);
    }
}
