using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// One watch for as long as somebody reads it, over as many streams as it takes. Each watch has a stream to itself, so that a
/// slow reader holds up nobody else. It resumes behind the last revision of which it has all events: the header of a message is
/// no measure of that, as etcd writes its own revision there while it is still catching up.
/// </summary>
internal sealed class EtcdWatch : IDisposable
{
    private static readonly TimeSpan s_longestOpening = TimeSpan.FromSeconds(5);
    private readonly EtcdEndpoints _endpoints;
    private readonly EtcdHistory _history;
    private readonly TimeSpan _giveUp;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly string _prefix;
    private readonly ByteString _end;
    private readonly CancellationToken _cancel;
    private readonly List<EtcdEvent> _events = [];
    private EtcdWatchStream? _stream;
    private long _next;
    private long? _silentSince;

    public EtcdWatch(EtcdEndpoints endpoints, EtcdHistory history, TimeSpan giveUp, TimeProvider time, IChance chance, string prefix, ByteString end, long from, CancellationToken cancel)
    {
        (_endpoints, _history, _giveUp, _time, _prefix, _end, _next, _cancel) = (endpoints, history, giveUp, time, prefix, end, from, cancel);
        _backoff = new Backoff(EtcdLimits.FirstBackoff, EtcdLimits.LongestBackoff, chance);
    }

    public async ValueTask<EtcdWatchBatch> NextAsync()
    {
        while (true)
        {
            if (_stream is not { } stream)
            {
                await OpenAsync();
                continue;
            }

            try
            {
                if (Take(await stream.ReadAsync(), stream) is { } batch)
                    return batch;
            }
            catch (GrpcException e)
            {
                await BrokenAsync(stream.Link, e);
            }
        }
    }

    public void RequestProgress() => Volatile.Read(ref _stream)?.RequestProgress();

    public void Dispose() => _stream?.Dispose();

    private async Task OpenAsync()
    {
        _history.ThrowIfBroken();
        var link = _endpoints.Current();
        try
        {
            var (stream, created) = await EtcdWatchStream.OpenAsync(link, _history, _prefix, _end, _next, s_longestOpening < _giveUp ? s_longestOpening : _giveUp, _time, _cancel);
            _stream = stream;
            _history.Check(created.Header, 0, link.Name);
            Take(created, stream);
            // From "now" on: which revision that is etcd says here.
            if (_next <= 0)
                _next = created.Header.Revision + 1;
            _silentSince = null;
            _backoff.Reset();
        }
        catch (GrpcException e)
        {
            await BrokenAsync(link, e);
        }
    }

    /// <summary>The batch that is complete with this message, if any.</summary>
    private EtcdWatchBatch? Take(WatchResponse message, EtcdWatchStream stream)
    {
        if (message.Canceled)
            throw Cancelled(message, stream.Link);
        if (message.Created)
            return null;
        if (message.Events.Count == 0)
            return Progress(message, stream);
        foreach (var change in message.Events)
        {
            var put = change.Type == Event.Types.EventType.Put;
            _events.Add(new EtcdEvent(change.Kv.Key.ToStringUtf8(), put ? change.Kv.Value.Memory : (ReadOnlyMemory<byte>?)null, change.Kv.ModRevision));
            if (put)
                _history.Saw(change.Kv.Key, change.Kv.ModRevision);
        }

        // A revision that is cut in pieces counts only when it is whole: of a fragment the last one may not be.
        var whole = message.Fragment ? _events.FindIndex(change => change.Revision == _events[^1].Revision) : _events.Count;
        if (whole == 0)
            return null;
        var events = _events.GetRange(0, whole);
        _events.RemoveRange(0, whole);
        Seen(events[^1].Revision);
        return new EtcdWatchBatch(_next - 1, events);
    }

    private EtcdWatchBatch Progress(WatchResponse message, EtcdWatchStream stream)
    {
        // Answers to a request carry the id -1; what etcd tells by itself is in order with the events.
        if (message.WatchId >= 0 || stream.TellsProgress)
            Seen(message.Header.Revision);
        return new EtcdWatchBatch(_next - 1, []);
    }

    private void Seen(long revision)
    {
        _next = Math.Max(_next, revision + 1);
        _history.Advance(revision);
    }

    private Exception Cancelled(WatchResponse message, EtcdLink link)
    {
        var where = $"etcd {link.Name}: watch {_prefix}";
        if (message.CompactRevision != 0)
            return new EtcdException(EtcdError.Compacted, $"{where} from revision {_next}: everything before {message.CompactRevision} is compacted");
        var reason = message.CancelReason.Length == 0 ? "etcd cancelled it" : message.CancelReason;
        return EtcdErrors.OfCancel(reason) is var error && error == EtcdError.Unavailable
            ? new GrpcException(GrpcStatus.Unavailable, reason)
            : new EtcdException(error, $"{where}: {reason}");
    }

    /// <summary>Waits before the next attempt, or throws when there is to be none.</summary>
    private async Task BrokenAsync(EtcdLink link, GrpcException failure)
    {
        _stream?.Dispose();
        _stream = null;
        _events.Clear();
        if (link.Retired.IsCancellationRequested)
            return;
        var error = _endpoints.ErrorOf(failure, link.Name, $"watch {_prefix}");
        if (error.Error is not (EtcdError.Unavailable or EtcdError.Tls))
            throw error;
        _endpoints.Failed(link, failure);
        _silentSince ??= _time.GetTimestamp();
        if (_time.GetElapsedTime(_silentSince.Value) >= _giveUp)
            throw new EtcdException(error.Error, $"{error.Message}; given up after {_giveUp.TotalSeconds:0.#} s", error);
        await _backoff.WaitAsync(_time, _cancel);
    }
}
