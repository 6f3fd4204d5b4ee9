using System.Collections.Concurrent;
using System.Net;

namespace ClusterMesh.Proxy.Node;

/// <summary>
/// Waits for routes that are on their way: in the moment after a service was marked L7 the kernel may be ahead of the snapshot. Who was
/// waited for in vain is not waited for again.
/// </summary>
internal sealed class AwaitedRoutes(TimeProvider time)
{
    private const int MostInVain = 1024;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<IPEndPoint, bool> _inVain = new();
    private volatile TaskCompletionSource _applied = Next();

    /// <summary>Other routes are in force.</summary>
    public void Applied()
    {
        var applied = _applied;
        _applied = Next();
        applied.TrySetResult();
    }

    /// <summary>Completes when there are routes for it, or when that has taken too long.</summary>
    /// <param name="there">Whether there are any now.</param>
    public async Task WaitAsync(IPEndPoint asked, Func<bool> there, CancellationToken cancel)
    {
        if (_inVain.ContainsKey(asked)) return;
        using var enough = new CancellationTokenSource(s_longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancel);
        // In this order: routes that come after the look complete the task that was taken before it.
        while (_applied is { Task: var next } && !there())
        {
            await next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!either.IsCancellationRequested) continue;
            if (_inVain.Count >= MostInVain) _inVain.Clear();
            if (!cancel.IsCancellationRequested) _inVain.TryAdd(asked, true);
            return;
        }
    }

    private static TaskCompletionSource Next() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
