using System.Threading.Channels;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Keeps one part of a remote: lists it, then watches it, and lists again where etcd has forgotten what came between.</summary>
internal sealed class PartLoop<TKey, TValue>(SessionContext session, PartState<TKey, TValue> part, IPartReader<TKey, TValue> reader)
    where TKey : notnull
    where TValue : class
{
    /// <summary>Messages of a watch that may wait while earlier ones are read.</summary>
    private const int MaxWaiting = 256;

    private readonly RemotePrefix _prefix = session.Prefixes[part.Part];

    /// <summary>Returns only by exception.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            var listAgain = session.Remote.ListAgain.Token;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, listAgain);
            try
            {
                var revision = await ListAsync(either.Token);
                await WatchAsync(revision + 1, either.Token);
            }
            catch (OperationCanceledException) when (listAgain.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
            }
            catch (EtcdException e) when (e.Error is EtcdError.Compacted)
            {
                await Task.Delay(session.Remote.Config.FirstBackoff, session.Remote.Time, cancel);
            }
        }
    }

    private async Task<long> ListAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (received, revision) = (session.Remote.Time.GetTimestamp(), 0L);
            var change = new PartChange<TKey, TValue>(part, reader, session.ClusterId, whole: true);
            session.Tap?.ListBegins(part.Part);
            await foreach (var page in session.Client.ListAsync(_prefix.Keys, cancel))
            {
                revision = page.Revision;
                foreach (var item in page.Items) Put(change, item.Key, item.Value);
            }

            // A cluster that is only just filling its etcd has no canary yet, or a younger one than this list.
            if ((await session.RequireGuardAsync(part.Part, cancel)).CreateRevision > revision) continue;
            session.State.Commit(part, change, received, listed: true);
            session.Tap?.ListEnds(part.Part);
            return revision;
        }
    }

    private async Task WatchAsync(long from, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waiting = Channel.CreateBounded<Received>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });
        var pump = PumpAsync(from, waiting.Writer, stop.Token);
        try
        {
            var batch = new WatchedBatch();
            while (await waiting.Reader.WaitToReadAsync(stop.Token))
            {
                while (waiting.Reader.TryRead(out var received)) batch.Add(received);
                await FoldAsync(batch, stop.Token);
                batch.Clear();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pump;
        }
    }

    private async Task PumpAsync(long from, ChannelWriter<Received> to, CancellationToken cancel)
    {
        try
        {
            await foreach (var batch in session.Client.WatchAsync(_prefix.Keys, from, cancel)) await to.WriteAsync(new(batch, session.Remote.Time.GetTimestamp()), cancel);
            to.Complete(new RemoteLostException($"the watch of {_prefix.Keys} ended"));
        }
        catch (Exception e)
        {
            to.Complete(e);
        }
    }

    private async Task FoldAsync(WatchedBatch batch, CancellationToken cancel)
    {
        // Keys that go because the whole etcd is being emptied are not gone: the cluster will write them again.
        if (batch.HasDeletes) await session.RequireGuardAsync(part.Part, cancel);
        if (batch.Last.Count > 0)
        {
            var change = new PartChange<TKey, TValue>(part, reader, session.ClusterId, whole: false);
            foreach (var (key, value) in batch.Last)
            {
                if (value is { } written) Put(change, key, written);
                else Delete(change, key);
            }

            session.State.Commit(part, change, batch.Received, listed: false);
        }

        if (batch.HasProgress) session.State.Progressed(part.Part);
    }

    private void Put(PartChange<TKey, TValue> change, string key, ReadOnlyMemory<byte> value)
    {
        session.Remote.Read.Add(key.Length + value.Length, session.IsCache);
        var name = key[_prefix.Keys.Length..];
        switch (change.Put(name, value.Span))
        {
            case PutOutcome.Believed: session.Tap?.Puts(part.Part, name, value); break;
            case PutOutcome.KeptLast: session.Tap?.Keeps(part.Part, name); break;
        }
    }

    private void Delete(PartChange<TKey, TValue> change, string key)
    {
        session.Remote.Read.Add(key.Length, session.IsCache);
        var name = key[_prefix.Keys.Length..];
        change.Delete(name);
        session.Tap?.Deletes(part.Part, name);
    }
}
