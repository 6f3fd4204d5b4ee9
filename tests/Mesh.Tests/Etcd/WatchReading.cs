using System.Text;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>Reads watches with a bound on the waiting.</summary>
internal static class WatchReading
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The events up to the number wanted, as "key=value@revision", or "key-@revision" for a deletion.</summary>
    public static async Task<List<EtcdEvent>> TakeAsync(this IAsyncEnumerator<EtcdWatchBatch> watch, int count)
    {
        var events = new List<EtcdEvent>();
        while (events.Count < count) events.AddRange((await watch.NextAsync()).Events);
        return events;
    }

    public static async Task<EtcdWatchBatch> NextAsync(this IAsyncEnumerator<EtcdWatchBatch> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Limit));
        return watch.Current;
    }

    /// <summary>How the watch ends.</summary>
    public static async Task<EtcdException> EndAsync(this IAsyncEnumerator<EtcdWatchBatch> watch) =>
        await Assert.ThrowsAsync<EtcdException>(async () =>
        {
            while (await watch.MoveNextAsync().AsTask().WaitAsync(Limit))
            {
            }
        });

    public static string Text(this EtcdEvent change) =>
        change.Value is { } value ? $"{change.Key}={Encoding.UTF8.GetString(value.Span)}" : $"{change.Key}-";
}
