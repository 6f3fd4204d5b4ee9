using ClusterMesh.Agent.Hosting;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Hosting;

public sealed class RunningPartsTests : IDisposable
{
    private readonly CollectingLogger _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly RunningParts _parts;

    public RunningPartsTests() => _parts = new(_log, _stop.Token);

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Part_ThatFails_IsToldAtOnceAndTheOthersGoOn()
    {
        _parts.AddVital("writer", UntilStopped());
        _parts.Add("publishing", Task.FromException(new InvalidOperationException("no etcd")));
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("publishing ended unexpectedly; the agent goes on without it", StringComparison.Ordinal)), "it is told");
        Assert.False(_parts.Failed.IsCompleted);
    }

    [Fact]
    public async Task VitalPart_ThatFails_EndsTheAgentWithItsReason()
    {
        _parts.AddVital("loop", Task.FromException(new InvalidOperationException("a defect")));
        await _parts.Failed.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("loop ended unexpectedly, and the agent with it: a defect", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VitalPart_ThatReturns_EndsTheAgentToo()
    {
        _parts.AddVital("loop", Task.CompletedTask);
        await _parts.Failed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Stop_OfAll_IsNoNews()
    {
        _parts.AddVital("writer", UntilStopped());
        _parts.Add("gate", Task.CompletedTask);
        _parts.Add("publishing", UntilStopped());
        _parts.Add("mirror", null);
        await _stop.CancelAsync();
        await _parts.EndedAsync();
        Assert.Empty(_log.Lines);
        Assert.False(_parts.Failed.IsCompleted);
    }

    private Task UntilStopped() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
}
