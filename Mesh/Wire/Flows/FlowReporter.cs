using System.Threading.Channels;
using ClusterMesh.Mesh.Grpc;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>
/// Tells the node's agent what requests there were. Nobody who tells it something waits: what is too much in a second or has no room,
/// as the agent is slow or away, goes on as a number alone. Any thread.
/// </summary>
/// <param name="socket">Path of the agent's Unix socket.</param>
public sealed class FlowReporter(string socket, TimeProvider time) : IDisposable
{
    /// <summary>Flows a second, and how many more of them when they are errors.</summary>
    public const int MostPerSecond = 2_000, MostErrorsPerSecond = 500;

    public const int QueueLength = 4_096, BatchSize = 256;

    private static readonly TimeSpan
        s_gather = TimeSpan.FromMilliseconds(100), s_deadline = TimeSpan.FromSeconds(5), s_losses = TimeSpan.FromSeconds(1), s_lastWord = TimeSpan.FromSeconds(1),
        s_firstPause = TimeSpan.FromMilliseconds(100), s_longestPause = TimeSpan.FromSeconds(2);

    private readonly GrpcChannel _channel = new(new($"unix://{Path.GetFullPath(socket)}"), time);
    private readonly Channel<RequestFlow> _queue = Channel.CreateBounded<RequestFlow>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly FlowBudget _budget = new(MostPerSecond, MostErrorsPerSecond, time);
    private readonly RequestCounts _counts = new();
    private long _limited, _lost, _limitedTold, _lostTold, _lossesToldAt;

    /// <summary>Flows that were left out because there were too many in a second.</summary>
    public long Limited => Interlocked.Read(ref _limited);

    /// <summary>Flows that had no room, or that the agent did not take; counted requests, too, where not even their number could be told.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Why the last report did not reach the agent; null = it did.</summary>
    public string? LastError { get; private set; }

    /// <summary>Whether this second has room for one more flow; otherwise it is to be counted.</summary>
    public bool Admits(bool isError) => _budget.TryTake(isError);

    public void Tell(RequestFlow flow)
    {
        if (_queue.Writer.TryWrite(flow)) return;
        Interlocked.Increment(ref _lost);
        // Lost it is in both cases.
        _counts.TryAdd(flow.Kind, flow.Latency);
    }

    /// <summary>A request that was not admitted.</summary>
    public void Count(in RequestKind kind, TimeSpan latency)
    {
        if (_counts.TryAdd(kind, latency)) Interlocked.Increment(ref _limited);
        else Interlocked.Increment(ref _lost);
    }

    /// <summary>Until stopped; then what is left is told, if that takes no longer than a moment.</summary>
    /// <param name="changed">Told whenever the agent takes reports (null) or no longer does (why).</param>
    public async Task RunAsync(Action<string?> changed, CancellationToken stop)
    {
        var backoff = new Backoff(s_firstPause, s_longestPause, new ThreadChance());
        Messages.FlowReport? report = null;
        try
        {
            while (true)
            {
                if (report is null)
                {
                    await GatherAsync(stop);
                    report = Next();
                }

                var failure = await SendAsync(report, s_deadline, stop);
                if (failure?.Message != LastError) changed(LastError = failure?.Message);
                // What the agent may not have seen is told again; what it refused would be refused again.
                if (failure is { Break: GrpcBreak.None, Status: not GrpcStatus.Unavailable }) Refused(report);
                if (failure is null or { Break: GrpcBreak.None, Status: not GrpcStatus.Unavailable }) report = null;
                if (failure is null) backoff.Reset();
                else await backoff.WaitAsync(time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await SayLastWordAsync(report);
        }
    }

    public void Dispose() => _channel.Dispose();

    // One report for what comes in a moment, not one for each request.
    private async Task GatherAsync(CancellationToken stop)
    {
        if (_queue.Reader.Count >= BatchSize) return;
        if (_counts.IsEmpty && LossesAreTold) await _queue.Reader.WaitToReadAsync(stop);
        await Task.Delay(s_gather, time, stop);
    }

    private bool LossesAreTold => Limited == _limitedTold && Lost == _lostTold;

    private Messages.FlowReport Next()
    {
        var report = new Messages.FlowReport();
        while (report.Flows.Count < BatchSize && _queue.Reader.TryRead(out var flow)) report.Flows.Add(FlowEncoding.Encode(flow));
        report.Counts.AddRange(_counts.Take(FlowEncoding.MostCounted).Select(FlowEncoding.Encode));
        // Each becomes a line that people read.
        if (LossesAreTold || (_lossesToldAt != 0 && time.GetElapsedTime(_lossesToldAt) < s_losses)) return report;
        var (limited, lost) = (Limited, Lost);
        (report.Limited, report.Lost) = (limited - _limitedTold, lost - _lostTold);
        (_limitedTold, _lostTold, _lossesToldAt) = (limited, lost, time.GetTimestamp());
        return report;
    }

    // Its numbers are not known to the agent: the next report says them again.
    private void Refused(Messages.FlowReport report)
    {
        Interlocked.Add(ref _lost, report.Flows.Count + report.Counts.Sum(count => count.Count));
        (_limitedTold, _lostTold) = (_limitedTold - report.Limited, _lostTold - report.Lost);
    }

    /// <returns>Null: the agent has it.</returns>
    private async Task<GrpcException?> SendAsync(Messages.FlowReport report, TimeSpan deadline, CancellationToken stop)
    {
        try
        {
            if (report.CalculateSize() > 0) await _channel.UnaryAsync(FlowMethod.Report, report, deadline, cancel: stop);
            return null;
        }
        catch (GrpcException failure)
        {
            return failure;
        }
    }

    private async Task SayLastWordAsync(Messages.FlowReport? report)
    {
        using var enough = new CancellationTokenSource(s_lastWord, time);
        try
        {
            do
            {
                if (await SendAsync(report ?? Next(), s_lastWord, enough.Token) is not null) return;
                report = null;
            }
            while (_queue.Reader.Count > 0 || !_counts.IsEmpty);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any longer.
        }
    }
}
