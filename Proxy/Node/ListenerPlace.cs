using System.Net.Sockets;
using ClusterMesh.Bpf;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>
/// The place in the kernel that new connections are taken from. The listener is in it while this proxy can take more; one that is put in
/// by a successor stays, and this one has had its time.
/// </summary>
internal sealed partial class ListenerPlace(ProxyMaps maps, int maxConnections, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    // Every so many looks; what makes it differ happens once in months.
    private const int LooksPerCheck = 8;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _succeeded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _listener;
    private ulong _cookie;
    private bool _in, _left;
    private int _open, _looks;

    /// <summary>Completes when a successor has taken over, or the place is no longer the one that the kernel looks at.</summary>
    public Task Succeeded => _succeeded.Task;

    /// <summary>Connections that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>New connections come here.</summary>
    public bool IsIn => Volatile.Read(ref _in);

    /// <exception cref="BpfException">The socket does not listen.</exception>
    public void Enter(Socket listener)
    {
        lock (_lock)
        {
            _listener = listener;
            Put();
            LogIn(log);
        }
    }

    /// <summary>New connections are somebody else's from now on: a successor's, or the kernel's.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _left = true;
            if (_in) maps.TakeListenerOut();
            _in = false;
        }
    }

    public void Opened()
    {
        if (Interlocked.Increment(ref _open) < maxConnections || !IsIn) return;
        lock (_lock)
        {
            if (!_in || _left) return;
            try
            {
                maps.TakeListenerOut();
                _in = false;
                LogFull(log, maxConnections);
            }
            catch (BpfException exception)
            {
                LogUnreadable(log, exception.Message);
            }
        }
    }

    public void Closed() => Interlocked.Decrement(ref _open);

    /// <summary>Sees whether there is room again, and whether somebody else has come. Until stopped.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stop)) Look();
    }

    internal void Look()
    {
        lock (_lock)
        {
            if (_listener is null || _left) return;
            try
            {
                if (_looks++ % LooksPerCheck == 0 && !maps.IsCurrent())
                {
                    // Whoever supervises it starts another, that opens the new ones.
                    LogOutdated(log);
                    Succeed();
                    return;
                }

                var there = maps.ListenerCookie();
                if (there is { } other && other != _cookie)
                {
                    LogSucceeded(log);
                    Succeed();
                }
                else if (there is null && Open < maxConnections * 0.9)
                {
                    // There is room again; or a successor that came and went.
                    Put();
                    LogIn(log);
                }
            }
            catch (BpfException exception)
            {
                LogUnreadable(log, exception.Message);
            }
        }
    }

    private void Succeed()
    {
        (_left, _in) = (true, false);
        _succeeded.TrySetResult();
    }

    private void Put()
    {
        maps.PutListener(_listener!.SafeHandle);
        _cookie = maps.OwnCookie ?? 0;
        _in = true;
    }

    [LoggerMessage(420, LogLevel.Information, "takes connections from the kernel")]
    private static partial void LogIn(ILogger log);

    [LoggerMessage(421, LogLevel.Warning, "{Max} connections are open: new ones are the kernel's to balance, or to refuse where policy asks for a proxy")]
    private static partial void LogFull(ILogger log, int max);

    [LoggerMessage(422, LogLevel.Information, "another proxy takes the connections now: this one finishes what it has")]
    private static partial void LogSucceeded(ILogger log);

    [LoggerMessage(424, LogLevel.Warning, "the agent has made new maps, or removed these: no new connections come here any more, so that this proxy finishes what it has and ends")]
    private static partial void LogOutdated(ILogger log);

    [LoggerMessage(423, LogLevel.Error, "the listener's place in the kernel cannot be read: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string reason);
}
