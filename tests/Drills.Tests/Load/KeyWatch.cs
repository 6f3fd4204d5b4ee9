using System.Collections.Concurrent;
using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Drills.Tests.Load;

/// <summary>Watches keys in a cluster's own etcd: at no moment may one of them be missing.</summary>
internal sealed class KeyWatch : IAsyncDisposable
{
    private readonly IEtcdClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _deleted = new();
    private readonly Task _running;
    private int _seen;

    private KeyWatch(IEtcdClient client, long revision, string[] prefixes)
    {
        _client = client;
        _running = Task.WhenAll(prefixes.Select(prefix => Task.Run(() => WatchAsync(prefix, revision + 1))));
    }

    public static async Task<KeyWatch> StartAsync(LabCluster cluster, params string[] prefixes)
    {
        var client = cluster.OpenAsRoot();
        return new(client, (await client.StatusAsync()).Revision, prefixes);
    }

    public async Task EndsWithNothingDeletedAsync()
    {
        await StopAsync();
        Assert.True(_deleted.IsEmpty, $"deleted: {string.Join(", ", _deleted)}");
        Assert.True(_seen > 0, "nothing happened to the keys: nobody took them over");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_running.Exception?.InnerException is { } defect and not OperationCanceledException) throw new InvalidOperationException("the watch ended", defect);
    }

    private async Task WatchAsync(string prefix, long from)
    {
        await foreach (var batch in _client.WatchAsync(prefix, from, _stop.Token))
        {
            foreach (var change in batch.Events)
            {
                Interlocked.Increment(ref _seen);
                if (change.Value is null) _deleted.Enqueue(change.Key);
            }
        }
    }
}
