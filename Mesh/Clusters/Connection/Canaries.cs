using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Waits for a remote's sync canaries: each says that all under its prefix has been written.</summary>
internal sealed class Canaries(SessionContext session)
{
    private readonly TaskCompletionSource[] _seen = [.. RemoteParts.All.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    public Task SeenAsync(RemotePart part, CancellationToken cancel) => _seen[(int)part].Task.WaitAsync(cancel);

    /// <summary>Ends when all have been seen.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var prefix = StateKeys.SyncedOf(session.Prefixes.Cluster);
        while (Missing().Length > 0)
        {
            try
            {
                var revision = 0L;
                await foreach (var page in session.Client.ListAsync(prefix, cancel))
                {
                    revision = page.Revision;
                    foreach (var item in page.Items) See(item.Key);
                }

                Tell();
                if (Missing().Length > 0) await WatchAsync(prefix, revision + 1, cancel);
            }
            catch (EtcdException e) when (e.Error is EtcdError.Compacted)
            {
            }
        }
    }

    private async Task WatchAsync(string prefix, long from, CancellationToken cancel)
    {
        await foreach (var batch in session.Client.WatchAsync(prefix, from, cancel))
        {
            foreach (var happened in batch.Events.Where(happened => happened.Value is not null)) See(happened.Key);
            Tell();
            if (Missing().Length == 0) return;
        }
    }

    private void See(string key)
    {
        foreach (var part in RemoteParts.All.Where(part => session.Prefixes[part].Canary == key)) _seen[(int)part].TrySetResult();
    }

    private void Tell() => session.State.Apply(new RemoteEvent.AwaitsCanaries(Missing()));

    private ImmutableArray<RemotePart> Missing() => [.. RemoteParts.All.Where(part => !_seen[(int)part].Task.IsCompleted)];
}
