using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Health;

public sealed class HealthTableTests
{
    private readonly FakeTime _time = new();
    private readonly HealthTable _table;
    private readonly BackendHealth[] _backends;

    public HealthTableTests()
    {
        _table = new(new(), _time, NullLogger<HealthTable>.Instance);
        _backends = [.. Enumerable.Range(1, 4).Select(i => _table.Get(new("w", $"10.0.0.{i}", 80)))];
    }

    [Fact]
    public void Note_RefusedConnection_EjectsAtOnceAndWithoutLimit()
    {
        foreach (var backend in _backends) Note(backend, EndReason.ConnectFailed, 0);
        Assert.All(_backends, backend => Assert.False(backend.Healthy));
        Assert.Equal(4, _table.Ejections);
    }

    [Fact]
    public void Note_RefusedConnectionsThatMayBeAPolicys_EjectAsAnyOtherFailure()
    {
        var table = new HealthTable(new() { ConnectFailureEjects = false }, _time, NullLogger<HealthTable>.Instance);
        BackendHealth[] backends = [.. Enumerable.Range(1, 4).Select(i => table.Get(new("w", $"10.0.0.{i}", 80)))];
        Refuse(backends[0], 4);
        Assert.True(backends[0].Healthy);
        Refuse(backends[0], 1);
        Assert.Equal((EndReason.ConnectFailed, 5), (backends[0].Ejection!.Reason, (backends[0].Ejection!.Until - backends[0].Ejection!.Since).TotalSeconds));
        // Nor more of them than for other failures.
        foreach (var backend in backends) Refuse(backend, 5);
        Assert.Equal(2, backends.Count(backend => backend.Healthy));

        void Refuse(BackendHealth backend, int times)
        {
            for (var i = 0; i < times; i++) table.Note(backend, EndReason.ConnectFailed, 0, _time.GetTimestamp(), backends);
        }
    }

    [Theory]
    [InlineData(EndReason.Reset, 0)]
    [InlineData(EndReason.Timeout, 0)]
    [InlineData(EndReason.BadResponse, 0)]
    [InlineData(EndReason.Ok, 500)]
    [InlineData(EndReason.RetriedStatus, 503)]
    public void Note_FiveFailures_Eject(EndReason reason, int status)
    {
        for (var i = 0; i < 4; i++) Note(_backends[0], reason, status);
        Assert.True(_backends[0].Healthy);
        Note(_backends[0], reason, status);
        Assert.False(_backends[0].Healthy);
        Assert.Equal(status >= 500 ? EndReason.ServerError : reason, _backends[0].Ejection!.Reason);
    }

    [Fact]
    public void Note_FailuresAmongMoreSuccesses_DoNotEject()
    {
        for (var i = 0; i < 50; i++) Note(_backends[0], i % 3 == 0 ? EndReason.Reset : EndReason.Ok, 200);
        Assert.True(_backends[0].Healthy);
    }

    [Fact]
    public void Note_FiveInARowAfterManySuccesses_Eject()
    {
        for (var i = 0; i < 2000; i++) Note(_backends[0], EndReason.Ok, 200);
        for (var i = 0; i < 4; i++) Note(_backends[0], EndReason.Timeout, 0);
        Assert.True(_backends[0].Healthy);
        Note(_backends[0], EndReason.Timeout, 0);
        Assert.Equal(EndReason.Timeout, _backends[0].Ejection!.Reason);
    }

    [Fact]
    public void Note_FailuresOfAnOldWindow_AreForgotten()
    {
        for (var i = 0; i < 4; i++) Note(_backends[0], EndReason.Reset, 0);
        _time.Advance(TimeSpan.FromSeconds(11));
        Note(_backends[0], EndReason.Reset, 0);
        Assert.True(_backends[0].Healthy);
    }

    [Fact]
    public void Note_MostOfAService_IsNeverEjectedForItsAnswers()
    {
        foreach (var backend in _backends)
        {
            for (var i = 0; i < 10; i++) Note(backend, EndReason.Ok, 503);
        }

        Assert.Equal(2, _backends.Count(backend => backend.Healthy));
    }

    [Fact]
    public void Note_ClientGone_IsNobodysFault()
    {
        for (var i = 0; i < 50; i++) Note(_backends[0], EndReason.ClientGone, 0);
        Assert.True(_backends[0].Healthy);
    }

    [Fact]
    public void Eject_Again_TakesTwiceAsLong()
    {
        Assert.Equal(5, Ejection().TotalSeconds);
        Assert.Equal(10, Ejection().TotalSeconds);
        Assert.Equal(20, Ejection().TotalSeconds);
        TimeSpan Ejection()
        {
            for (var i = 0; i < 5; i++) Note(_backends[0], EndReason.Reset, 0);
            var ejection = _backends[0].Ejection!;
            _table.Restore(_backends[0], "test");
            return ejection.Until - ejection.Since;
        }
    }

    [Fact]
    public void Eject_AfterALongGoodTime_CountsAsTheFirst()
    {
        for (var i = 0; i < 5; i++) Note(_backends[0], EndReason.Reset, 0);
        _table.Restore(_backends[0], "test");
        _time.Advance(TimeSpan.FromMinutes(6));
        for (var i = 0; i < 5; i++) Note(_backends[0], EndReason.Reset, 0);
        Assert.Equal(5, (_backends[0].Ejection!.Until - _backends[0].Ejection!.Since).TotalSeconds);
    }

    [Fact]
    public void Version_EveryChange_Grows()
    {
        var before = _table.Version;
        Note(_backends[0], EndReason.ConnectFailed, 0);
        Assert.Equal(before + 1, _table.Version);
        _table.Restore(_backends[0], "test");
        Assert.Equal(before + 2, _table.Version);
        _table.SetProbe(_backends[0], failing: true, "test");
        Assert.Equal(before + 3, _table.Version);
        Assert.False(_backends[0].Healthy);
    }

    [Fact]
    public void Release_ByTheLast_ComesBackAfresh()
    {
        var backend = new Backend("w", "10.0.0.1", 80);
        var health = _table.Acquire(backend);
        Assert.Same(health, _table.Acquire(backend));
        Note(health, EndReason.ConnectFailed, 0);
        _table.Release(health);
        Assert.False(_table.Get(backend).Healthy);
        _table.Release(health);
        Assert.Equal(3, _table.Count);
        Assert.True(_table.Get(backend).Healthy);
    }

    [Fact]
    public void Note_ConnectFailureOfOneCallerWhileOthersAreAnswered_IsNotTheBackends()
    {
        var table = new HealthTable(new() { ConnectFailureEjects = false }, _time, NullLogger<HealthTable>.Instance);
        var backend = table.Get(new("w", "10.0.0.9", 80));
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            if (i % 8 == 0) table.Note(backend, EndReason.Ok, 200, _time.GetTimestamp(), [backend], caller: 1);
            table.Note(backend, EndReason.ConnectFailed, 0, _time.GetTimestamp(), [backend], caller: 2);
        }

        Assert.True(backend.Healthy);
        // Nobody is answered any more: now it counts, whoever asks.
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++) table.Note(backend, EndReason.ConnectFailed, 0, _time.GetTimestamp(), [backend], caller: 2);
        Assert.True(backend.Healthy);
        table.Note(backend, EndReason.ConnectFailed, 0, _time.GetTimestamp(), [backend], caller: 1);
        Assert.Equal(EndReason.ConnectFailed, backend.Ejection!.Reason);
    }

    private void Note(BackendHealth backend, EndReason reason, int status) => _table.Note(backend, reason, status, _time.GetTimestamp(), _backends);
}
