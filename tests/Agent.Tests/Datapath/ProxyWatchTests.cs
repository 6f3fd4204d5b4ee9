using ClusterMesh.Agent.Datapath.Proxy;
using ClusterMesh.Tests;
using static ClusterMesh.Agent.Tests.Datapath.Scene;

namespace ClusterMesh.Agent.Tests.Datapath;

public sealed class ProxyWatchTests
{
    private readonly FakeTime _time = new();
    private readonly CollectingLogger _log = new();
    private readonly ProxyWatch _watch;
    private bool _there;

    public ProxyWatchTests() => _watch = new(true, () => _there, _time, _log);

    [Fact]
    public void Proxy_ThatNeverCame_IsSaidAndAProblemWhereItIsNeeded()
    {
        _watch.Look();
        Assert.Contains("no proxy takes connections yet", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Empty(Problems(true, true));
        Wait();
        Assert.Single(_log.Lines);
        Assert.Empty(Problems(false, false));
        Assert.Equal("no proxy takes connections, and services are to be balanced by request", Assert.Single(Problems(services: true, policies: false)));
        Assert.Equal("no proxy takes connections, and policies of its pods have HTTP rules", Assert.Single(Problems(services: false, policies: true)));
        Assert.Equal(2, Problems(true, true).Length);
    }

    [Fact]
    public void Proxy_ThatComesAndGoes_IsToldEachTimeAndOnlyMissedWhenItStaysAway()
    {
        _there = true;
        _watch.Look();
        Wait();
        Assert.Empty(Problems(true, true));
        _there = false;
        _watch.Look();
        Assert.Empty(Problems(true, true));
        Wait();
        Assert.Equal(2, Problems(true, true).Length);
        _there = true;
        _watch.Look();
        Assert.Empty(Problems(true, true));
        Assert.Equal(["a proxy takes connections", "no proxy takes connections any more", "a proxy takes connections"], _log.Lines.Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(':')[0]));
    }

    [Fact]
    public void Kernel_ThatCanHaveNone_IsAProblemAnyway() =>
        Assert.Contains("no sk_lookup", Assert.Single(new ProxyWatch(false, () => false, _time, _log).Problems(Self, true, true)).Reason, StringComparison.Ordinal);

    private string[] Problems(bool services, bool policies) => [.. _watch.Problems(Self, services, policies).Select(problem => problem.Reason)];

    private void Wait()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        _watch.Look();
    }
}
