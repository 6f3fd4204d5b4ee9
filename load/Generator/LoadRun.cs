using ClusterMesh.Load.Http;

namespace ClusterMesh.Load.Generator;

/// <summary>A steady load that goes on until it is stopped.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private readonly LoadPlan _plan;
    private readonly TimeProvider _time;
    private readonly ConnectionPool[] _pools;
    private readonly ReadyRing _ring;
    private readonly Pacer _pacer;
    private readonly ITimer _sweeper;
    private readonly long _timeoutTicks;
    private bool _stopped;

    private LoadRun(LoadPlan plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
        _timeoutTicks = (long)(plan.Timeout.TotalSeconds * time.TimestampFrequency);
        Recorder = new Recorder(time);
        _pools = [.. plan.Targets.Select(t => new ConnectionPool(t, plan.Connections, Recorder, time, e => Dispatch(e, fresh: true)))];
        _ring = new ReadyRing(_pools.Length);
        _pacer = new Pacer(new Schedule(time.GetTimestamp(), time.TimestampFrequency, plan.RatePerSecond), time, Send);
        _sweeper = time.CreateTimer(_ => Sweep(), null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
    }

    public Recorder Recorder { get; }

    public static LoadRun Start(LoadPlan plan, TimeProvider time)
    {
        var run = new LoadRun(plan, time);
        run._pacer.Start();
        return run;
    }

    /// <summary>Whether new requests may go to a target, by its place in the plan.</summary>
    public void SetReady(int target, bool ready) => _ring.SetReady(target, ready);

    /// <summary>Stops sending, waits for the answers still due, and closes.</summary>
    public async Task<Tally> StopAsync()
    {
        if (_stopped)
            return Recorder.Total();
        _stopped = true;
        _pacer.Stop();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), _time);
        var deadline = _time.GetTimestamp() + _timeoutTicks + _time.TimestampFrequency;
        while (Recorder.Unanswered > 0 && _time.GetTimestamp() < deadline && await timer.WaitForNextTickAsync())
        {
        }

        await _sweeper.DisposeAsync();
        foreach (var pool in _pools)
            pool.Close();
        return Recorder.Total();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private void Send(long intended)
    {
        Recorder.Sent();
        Dispatch(new Exchange(intended, intended + _timeoutTicks), fresh: false);
    }

    private void Dispatch(Exchange exchange, bool fresh)
    {
        var target = _ring.Next();
        if (target < 0)
            Recorder.Failed(FailureKind.NoTarget, "no target is ready");
        else
            _pools[target].Send(exchange, fresh);
    }

    private void Sweep()
    {
        foreach (var pool in _pools)
            pool.Expire(_time.GetTimestamp());
    }
}
