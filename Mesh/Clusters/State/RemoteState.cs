using System.Threading.Channels;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>
/// All that is known of one remote, over all its connections. Thread-safe: each part is changed by its own loop, the status by
/// whoever sees something. <see cref="News"/> says that there is something to publish; what comes while that is being done is
/// published together after it.
/// </summary>
internal sealed class RemoteState(string cluster, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ProgressRound _progress = new();
    private readonly TakenServices _taken = new();
    private RemoteStatus _status = RemoteStatus.Configured(time.GetUtcNow());
    private long _oldestChange, _lastBeat = time.GetTimestamp();
    private long? _lostAt = time.GetTimestamp();

    public PartState<string, NodeRecord> Nodes { get; } = new(RemotePart.Nodes, StringComparer.Ordinal);

    public PartState<ObjectKey, RemoteService> Services { get; } = new(RemotePart.Services, EqualityComparer<ObjectKey>.Default);

    public PartState<uint, string> Identities { get; } = new(RemotePart.Identities, EqualityComparer<uint>.Default);

    public PartState<string, IpRecord> Ips { get; } = new(RemotePart.Ips, StringComparer.Ordinal);

    public ChannelReader<bool> News => _news.Reader;

    public RemoteStatus Status
    {
        get
        {
            lock (_gate) return _status;
        }
    }

    /// <summary>How long the remote's heartbeat has not changed, by our clock.</summary>
    public TimeSpan Silence
    {
        get
        {
            lock (_gate) return time.GetElapsedTime(_lastBeat);
        }
    }

    /// <summary>All of it, now.</summary>
    public RemoteObjects Current
    {
        get
        {
            lock (_gate)
            {
                return new(cluster, _status) { Nodes = Nodes.Values, Services = Services.Values, Identities = Identities.Values, Ips = Ips.Values, OldestChange = _oldestChange };
            }
        }
    }

    /// <summary>All of it, and its changes count as handed over.</summary>
    public RemoteObjects Take()
    {
        lock (_gate)
        {
            var taken = Current with { ServicesDelta = _taken.Take(Services.Values) };
            _oldestChange = 0;
            return taken;
        }
    }

    public void Apply(RemoteEvent happened)
    {
        lock (_gate)
        {
            var before = _status;
            _status = RemoteTransitions.Next(before, happened, time.GetUtcNow());
            if (happened is RemoteEvent.ConfigAccepted or RemoteEvent.HeartbeatSeen) _lastBeat = time.GetTimestamp();
            if (_status.ServicesSynced) _lostAt = null;
            else _lostAt ??= time.GetTimestamp();
            if (RemoteTransitions.IsNews(before, _status)) _news.Writer.TryWrite(true);
        }
    }

    /// <param name="received">Timestamp at which the oldest change in it came.</param>
    /// <param name="listed">It is a whole list.</param>
    public void Commit<TKey, TValue>(PartState<TKey, TValue> part, PartChange<TKey, TValue> change, long received, bool listed)
        where TKey : notnull
        where TValue : class
    {
        lock (_gate)
        {
            if (change.Commit())
            {
                if (_oldestChange == 0) _oldestChange = received;
                if (change is PartChange<ObjectKey, RemoteService> services) _taken.Note(services.Changed);
                _news.Writer.TryWrite(true);
            }

            if (change.Ignored.Count > 0) Apply(new RemoteEvent.NotBelieved(change.Ignored));
            if (listed) Apply(new RemoteEvent.Synced(part.Part));
        }
    }

    /// <summary>Forgets the services if they have not been confirmed for so long. True when there was something to forget.</summary>
    public bool RevokeServices(TimeSpan ttl)
    {
        lock (_gate)
        {
            if (_lostAt is not { } since || time.GetElapsedTime(since) < ttl || Services.Values.IsEmpty) return false;
            Services.Clear();
            _taken.Note(null);
            Apply(new RemoteEvent.Revoked());
            return true;
        }
    }

    /// <summary>It is read somewhere else from now on: how long the place before was lost says nothing about that.</summary>
    public void MovedOn()
    {
        lock (_gate) _lostAt = time.GetTimestamp();
    }

    public void AskedForProgress()
    {
        lock (_gate) _progress.Begin(time.GetUtcNow());
    }

    /// <summary>A part's watch has said that it has told everything.</summary>
    public void Progressed(RemotePart part)
    {
        lock (_gate)
        {
            if (_progress.Answer(part) is { } asked && _status.ConfigRetrieved) Apply(new RemoteEvent.CaughtUp(asked));
        }
    }
}
