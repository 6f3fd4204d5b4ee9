using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Flows;

/// <summary>Somebody who follows the flows, and loses those for which it is too slow.</summary>
internal sealed class FlowFollower(FlowFilter filter, List<FlowStatus> before, FlowWriter writer, Action<long> lost, Action<FlowFollower> leave) : IDisposable
{
    public const int QueueLength = 1024;

    private readonly Channel<FlowStatus> _queue = Channel.CreateBounded<FlowStatus>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private long _lost;

    /// <summary>Never waits.</summary>
    public void Offer(FlowStatus flow)
    {
        if (filter.Fits(flow) && !_queue.Writer.TryWrite(flow)) Interlocked.Increment(ref _lost);
    }

    /// <summary>First what there was, then what comes, as many at a time as are there; ends only when cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FlowStatus>> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        yield return before;
        while (await _queue.Reader.WaitToReadAsync(stop))
        {
            var batch = new List<FlowStatus>();
            while (batch.Count < QueueLength && _queue.Reader.TryRead(out var flow)) batch.Add(flow);
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var count)
            {
                lost(count);
                batch.Add(writer.Lost(count, "who follows is too slow"));
            }

            yield return batch;
        }
    }

    public void Dispose() => leave(this);
}
