using System.Collections.Concurrent;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Publish.Sync;

namespace ClusterMesh.Agent.Datapath;

/// <summary>
/// The one thread that changes the node: changes of what should be are gathered for a moment and become one pass, orders are done at
/// once with a pass of their own. A pass that fails is done again after a pause that grows.
/// </summary>
/// <param name="pass">Whether all is as it should be now.</param>
internal sealed class ReconcileLoop(Func<bool> pass, TimeProvider time, IChance chance) : IDisposable
{
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(50);

    // Somebody else may change the node, too.
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    // A pass over many addresses takes its time; it must not take all of it.
    private const int RestPerWork = 4;

    private readonly Signal _changed = new();
    private readonly Signal _ordered = new();
    private readonly ConcurrentQueue<Order> _orders = new();
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), chance);
    private TimeSpan _lastPass;

    /// <summary>Something that decides may have changed. Never blocks; any thread.</summary>
    public void Wake() => _changed.Set();

    /// <summary>The same, for what must not wait for more changes: each moment with a node that is gone costs connections.</summary>
    public void WakeAtOnce() => _ordered.Set();

    /// <summary>Does it, passes, and answers. What the work throws is thrown here, without a pass.</summary>
    /// <param name="answer">After the pass, which may have failed.</param>
    public async Task<TAnswer> DoAsync<T, TAnswer>(Func<T> work, Func<T, TAnswer> answer)
    {
        var order = new Order(() => { var done = work(); return () => answer(done); });
        _orders.Enqueue(order);
        _ordered.Set();
        return (TAnswer)(await order.Answer.Task)!;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var (changed, ordered) = (_changed.WaitAsync(stop), _ordered.WaitAsync(stop));
        TimeSpan? again = null;
        while (true)
        {
            using (var rest = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                await Task.WhenAny(changed, ordered, Task.Delay(again ?? s_look, time, rest.Token));
                if (!ordered.IsCompleted) await Task.WhenAny(ordered, Task.Delay(Max(s_gather, _lastPass * RestPerWork), time, rest.Token));
                await rest.CancelAsync();
            }

            stop.ThrowIfCancellationRequested();
            if (changed.IsCompleted) changed = _changed.WaitAsync(stop);
            if (ordered.IsCompleted) ordered = _ordered.WaitAsync(stop);
            again = Turn() ? null : _backoff.Next();
            if (again is null) _backoff.Reset();
        }
    }

    public void Dispose()
    {
        _changed.Dispose();
        _ordered.Dispose();
    }

    private bool Turn()
    {
        var done = new List<(Order Order, Func<object?> Answer)>();
        while (_orders.TryDequeue(out var order)) order.Begin(done);
        var begun = time.GetTimestamp();
        var good = pass();
        _lastPass = time.GetElapsedTime(begun);
        foreach (var (order, answer) in done) order.End(answer);
        return good;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Order(Func<Func<object?>> work)
    {
        public TaskCompletionSource<object?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Begin(List<(Order, Func<object?>)> done)
        {
            try
            {
                done.Add((this, work()));
            }
            catch (Exception exception)
            {
                Answer.SetException(exception);
            }
        }

        public void End(Func<object?> answer)
        {
            try
            {
                Answer.SetResult(answer());
            }
            catch (Exception exception)
            {
                Answer.SetException(exception);
            }
        }
    }
}
