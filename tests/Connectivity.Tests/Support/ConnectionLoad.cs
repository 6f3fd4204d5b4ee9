using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>One new connection with a request. <c>Who</c> answered, as cluster/pod; else why nobody did.</summary>
internal sealed record Connected(TimeSpan At, bool Ok, string Who);

/// <summary>New connections at a steady rate from one place to one frontend, until it is disposed.</summary>
internal sealed class ConnectionLoad : IAsyncDisposable
{
    /// <summary>Longer than the network ever takes here, shorter than TCP's second SYN: a lost packet is a failure.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(900);

    private readonly NamespaceSockets _sockets;
    private readonly IPEndPoint _to;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Connected> _all = new();
    private readonly Task _running;

    public ConnectionLoad(NamespaceSockets sockets, IPEndPoint to, int perSecond)
    {
        (_sockets, _to, _start) = (sockets, to, TimeProvider.System.GetTimestamp());
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
        using var timeout = new CancellationTokenSource(s_patience);
        try
        {
            using var socket = await _sockets.OpenAsync();
            await socket.ConnectAsync(_to, timeout.Token);
            await socket.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), timeout.Token);
            var who = Who(await ReadAsync(socket, timeout.Token));
            _all.Enqueue(new(at, who is not null, who ?? "an answer of nobody"));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            _all.Enqueue(new(at, false, error is SocketException e ? $"{e.SocketErrorCode}" : "nothing"));
        }
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var (buffer, text) = (new byte[4096], new StringBuilder());
        while (await socket.ReceiveAsync(buffer, cancel) is > 0 and var count) text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString();
    }

    private static string? Who(string answer)
    {
        var headers = answer.Split("\r\n").Where(line => line.Contains(": ", StringComparison.Ordinal)).Select(line => line.Split(": ", 2))
            .GroupBy(pair => pair[0].ToLowerInvariant()).ToDictionary(same => same.Key, same => same.First()[1]);
        return headers.TryGetValue("x-echo-cluster", out var cluster) && headers.TryGetValue("x-echo-pod", out var pod) ? $"{cluster}/{pod}" : null;
    }
}
