using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>Where a remote cluster's connection stands, in one immutable value.</summary>
/// <param name="Since">When this phase began.</param>
/// <param name="Reason">Why it is not ready, in a sentence for people; null when it is.</param>
public sealed record RemoteStatus(RemotePhase Phase, DateTimeOffset Since, string? Reason = null)
{
    /// <summary>The cluster's id as its cluster-config says; 0 = not known yet.</summary>
    public int ClusterId { get; init; }

    /// <summary>
    /// False: what is known of it may be out of date, as the connection is lost or its heartbeat has stopped. Its backends stay.
    /// </summary>
    public bool Confirmed { get; init; }

    /// <summary>The endpoint in use, or "cache" with ours.</summary>
    public string Source { get; init; } = "";

    public bool ConfigRetrieved { get; init; }

    public bool SyncCanaries { get; init; }

    /// <summary>Which parts have been listed whole since the connection was made.</summary>
    public bool NodesSynced { get; init; }

    public bool ServicesSynced { get; init; }

    public bool IdentitiesSynced { get; init; }

    public bool EndpointsSynced { get; init; }

    /// <summary>Connections made again after the first.</summary>
    public int Reconnections { get; init; }

    public int Failures { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>The newest heartbeat, by the remote's clock.</summary>
    public DateTimeOffset? Heartbeat { get; init; }

    /// <summary>When it was last certain that everything it wrote had arrived here.</summary>
    public DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>How often service data was aged out by --remote-ttl.</summary>
    public int Revocations { get; init; }

    /// <summary>Keys and values that were not believed, by reason.</summary>
    public ImmutableSortedDictionary<string, long> Ignored { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    public static RemoteStatus Configured(DateTimeOffset now) => new(RemotePhase.Configured, now, "not connected yet");
}

/// <summary>The way of a remote cluster from its file to being used (cilium.md 1.4).</summary>
public enum RemotePhase
{
    /// <summary>Its file was read.</summary>
    Configured,

    /// <summary>No endpoint has answered yet.</summary>
    Connecting,

    /// <summary>Its cluster-config is read and accepted.</summary>
    ConfigRetrieved,

    /// <summary>Waiting for canaries, listing.</summary>
    Syncing,

    Ready,

    /// <summary>Connected and used, but something is wrong: its heartbeat is old, or parts of it are missing.</summary>
    Degraded,

    /// <summary>The connection is lost, or was refused; what was known stays, unconfirmed.</summary>
    Disconnected,
}

public static class RemotePhases
{
    public static string Text(this RemotePhase phase) => phase switch
    {
        RemotePhase.Configured => "configured",
        RemotePhase.Connecting => "connecting",
        RemotePhase.ConfigRetrieved => "config-retrieved",
        RemotePhase.Syncing => "syncing",
        RemotePhase.Ready => "ready",
        RemotePhase.Degraded => "degraded",
        _ => "disconnected",
    };
}
