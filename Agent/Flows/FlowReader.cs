using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Flows;

/// <summary>Takes events out of the kernel on a thread of its own, and puts into the history what is worth showing.</summary>
internal sealed partial class FlowReader : IDisposable
{
    /// <summary>The longest wait: a second's repeated drops are told not much later than that.</summary>
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5), s_losses = TimeSpan.FromSeconds(1);

    /// <summary>After so many events at once there is a pause, so that a flood costs a bounded part of a CPU; the kernel counts what it cannot tell.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    private readonly FlowSource _source;
    private readonly FlowHistory _history;
    private readonly FlowWriter _writer;
    private readonly FlowMeter _meter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly FlowThinning _thinning = new();
    private readonly List<FlowLine> _lines = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly long _begun;
    private readonly CurrentNames _names;
    private TimeSpan _lossesAt;
    private EventLosses _lost;

    public FlowReader(FlowSource source, CurrentNames names, FlowHistory history, FlowWriter writer, FlowMeter meter, TimeProvider time, ILogger log)
    {
        (_source, _names, _history, _writer, _meter, _time, _log) = (source, names, history, writer, meter, time, log);
        (_begun, _lost) = (time.GetTimestamp(), source.Lost());
        _thread = new(Run) { IsBackground = true, Name = "flows" };
    }

    public void Start() => _thread.Start();

    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive) _thread.Join();
        _source.Ring?.Dispose();
        _stop.Dispose();
    }

    /// <summary>One turn of the thread.</summary>
    internal void Turn(IReadOnlyList<Event> events)
    {
        var now = _time.GetElapsedTime(_begun);
        foreach (var told in events)
        {
            if (KernelEvents.Read(told) is not { } flow) continue;
            _meter.Processed(flow);
            _thinning.Take(flow, _lines);
        }

        var hidden = _thinning.Tick(now, _lines);
        if (_lines.Count > 0) Show();
        if (hidden > 0) Tell(hidden, FlowMeter.Budget, "there are too many in a second");
        if (now - _lossesAt >= s_losses) LookForLosses(now);
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var events = _source.Poll(s_wait);
                Turn(events);
                // While nobody waits at the ring no event has to wake anybody, which costs a connection more than all else that is ours.
                if (events.Count > 0) _stop.Token.WaitHandle.WaitOne(s_pause);
            }
            catch (Exception error)
            {
                LogFails(_log, error.Message, error);
                _lines.Clear();
                _stop.Token.WaitHandle.WaitOne(s_retry);
            }
        }
    }

    private void Show()
    {
        var names = _names.Now();
        foreach (var line in _lines) _history.Add(_writer.Write(line, names, line.Event.Service == 0 ? null : _source.Frontend(line.Event.Service)));
        _lines.Clear();
    }

    private void LookForLosses(TimeSpan now)
    {
        _lossesAt = now;
        var lost = _source.Lost();
        // Less than before: the maps are new.
        if (lost.Full > _lost.Full) Tell(lost.Full - _lost.Full, FlowMeter.KernelRing, "the kernel's ring was full");
        if (lost.Limited > _lost.Limited) Tell(lost.Limited - _lost.Limited, FlowMeter.Budget, "there are too many in a second");
        _lost = lost;
    }

    private void Tell(long count, string source, string why)
    {
        _meter.Lost(count, source);
        _history.Add(_writer.Lost(count, why));
    }

    [LoggerMessage(320, LogLevel.Error, "flows cannot be read, and are tried again in 5 s: {Reason}")]
    private static partial void LogFails(ILogger log, string reason, Exception error);
}
