using System.Collections.Concurrent;
using System.Net;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>One new connection with a request. <c>Who</c> answered, as cluster/pod; else why nobody did.</summary>
internal sealed record Connected(TimeSpan At, TimeSpan Ended, bool Ok, string Who);

/// <summary>New connections at a steady rate from one place to one frontend, until it is disposed.</summary>
internal sealed class ConnectionLoad : IAsyncDisposable
{
    private readonly NamespaceSockets _sockets;
    private readonly IPEndPoint _to;
    private readonly TimeSpan? _patience;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Connected> _all = new();
    private readonly Task _running;

    /// <param name="patience">Null = as long as packets take, if none is lost.</param>
    public ConnectionLoad(NamespaceSockets sockets, IPEndPoint to, int perSecond, TimeSpan? patience = null)
    {
        (_sockets, _to, _patience, _start) = (sockets, to, patience, TimeProvider.System.GetTimestamp());
        _running = RunAsync(perSecond);
    }

    public TimeSpan Now => _time.GetElapsedTime(_start);

    public IReadOnlyCollection<Connected> All => _all;

    public IEnumerable<Connected> Failed => _all.Where(one => !one.Ok);

    public IEnumerable<Connected> Since(TimeSpan moment) => _all.Where(one => one.At >= moment);

    /// <summary>Returns when so many connections that began from now on have ended.</summary>
    public Task MoreAsync(int count)
    {
        var from = Now;
        return Eventually.TrueAsync(() => Since(from).Count() >= count, $"{count} more connections", 60);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task RunAsync(int perSecond)
    {
        var open = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var begun = 0;
        while (!_stop.IsCancellationRequested)
        {
            for (var due = (int)(Now.TotalSeconds * perSecond); begun < due; begun++) open.Add(ConnectAsync());
            open.RemoveAll(one => one.IsCompleted);
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(open);
    }

    private async Task ConnectAsync()
    {
        var at = Now;
        var answer = await LabConnection.AskAsync(_sockets, _to, _patience);
        var who = answer is { Cluster: { } cluster, Pod: { } pod } ? $"{cluster}/{pod}" : null;
        _all.Enqueue(new(at, Now, who is not null, who ?? answer.Failure ?? "an answer of nobody"));
    }
}
