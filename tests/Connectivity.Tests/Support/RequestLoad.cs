using System.Collections.Concurrent;
using System.Net;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>One GET. <c>Who</c> answered by header x-pod; else what the failure was.</summary>
internal sealed record Asked(TimeSpan At, TimeSpan Ended, bool Ok, string Who);

/// <summary>GETs at a steady rate from one place to one frontend, until it is disposed: on connections that stay open, or on one each.</summary>
internal sealed class RequestLoad : IAsyncDisposable
{
    /// <summary>At once at most: a machine that stands still for a moment is not flooded after it.</summary>
    private const int Askers = 64;

    private readonly HttpClient _http;
    private readonly bool _closing;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Asked> _all = new();
    private readonly Task _running;
    private int _begun;

    public RequestLoad(NamespaceSockets sockets, IPEndPoint to, int perSecond, bool closing = false)
    {
        (_http, _closing, _start) = (PodHttp.Client(sockets, to), closing, TimeProvider.System.GetTimestamp());
        _running = Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => AskAsync(perSecond)));
    }

    public TimeSpan Now => _time.GetElapsedTime(_start);

    public IReadOnlyCollection<Asked> All => _all;

    public IEnumerable<Asked> Failed => _all.Where(one => !one.Ok);

    public IEnumerable<Asked> Since(TimeSpan moment) => _all.Where(one => one.At >= moment);

    /// <summary>Returns when so many requests that began from now on have ended.</summary>
    public Task MoreAsync(int count)
    {
        var from = Now;
        return Eventually.TrueAsync(() => Since(from).Count() >= count, $"{count} more requests", 120);
    }

    /// <summary>For the test's output: how many in how long, and who answered.</summary>
    public override string ToString() =>
        $"{_all.Count} requests in {Now.TotalSeconds:0.0} s ({_all.Count / Now.TotalSeconds:0}/s), {Failed.Count()} failed: {string.Join(", ", _all.GroupBy(one => one.Who).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => $"{same.Key} {same.Count()}"))}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _http.Dispose();
    }

    private async Task AskAsync(int perSecond)
    {
        while (!_stop.IsCancellationRequested)
        {
            var due = TimeSpan.FromSeconds((double)Interlocked.Increment(ref _begun) / perSecond) - Now;
            if (due > TimeSpan.Zero) await Task.Delay(due, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stop.IsCancellationRequested) await AskOnceAsync();
        }
    }

    private async Task AskOnceAsync()
    {
        var at = Now;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { ConnectionClose = _closing } };
            using var response = await _http.SendAsync(request);
            var who = response.Headers.TryGetValues("x-pod", out var pods) ? string.Join(',', pods) : "nobody";
            var ok = response.IsSuccessStatusCode && who != "nobody";
            _all.Enqueue(new(at, Now, ok, ok ? who : $"status {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}"));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            _all.Enqueue(new(at, Now, false, $"{error.GetType().Name}: {error.InnerException?.Message ?? error.Message}"));
        }
    }
}
