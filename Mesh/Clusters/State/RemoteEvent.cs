using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>What can happen to a remote's connection; <see cref="RemoteTransitions"/> says what it means.</summary>
internal abstract record RemoteEvent
{
    private RemoteEvent() { }

    /// <param name="Source">"cache" where it is read from our own etcd; empty else.</param>
    internal sealed record Attempt(string Source) : RemoteEvent;

    /// <summary>An endpoint answered, but the key is not there.</summary>
    internal sealed record AwaitsConfig(string Endpoint, string Key) : RemoteEvent;

    /// <param name="Again">There was a connection before.</param>
    internal sealed record ConfigAccepted(string Endpoint, int ClusterId, bool SyncCanaries, bool Again) : RemoteEvent;

    internal sealed record AwaitsCanaries(ImmutableArray<RemotePart> Missing) : RemoteEvent;

    /// <summary>The part was listed whole.</summary>
    internal sealed record Synced(RemotePart Part) : RemoteEvent;

    internal sealed record HeartbeatSeen(DateTimeOffset? Written) : RemoteEvent;

    /// <param name="Silent">How long at least.</param>
    internal sealed record HeartbeatStale(TimeSpan Silent) : RemoteEvent;

    internal sealed record CaughtUp(DateTimeOffset At) : RemoteEvent;

    internal sealed record NotBelieved(IReadOnlyDictionary<string, long> Counts) : RemoteEvent;

    internal sealed record Lost(string Reason) : RemoteEvent;

    /// <summary>It answers, but must not be used.</summary>
    internal sealed record Refused(string Reason) : RemoteEvent;

    /// <summary>Service data was aged out.</summary>
    internal sealed record Revoked : RemoteEvent;
}
