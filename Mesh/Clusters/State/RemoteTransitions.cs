using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>The state machine of a remote's connection (cilium.md 1.4), pure.</summary>
internal static class RemoteTransitions
{
    public static RemoteStatus Next(RemoteStatus status, RemoteEvent happened, DateTimeOffset now) => happened switch
    {
        RemoteEvent.Attempt attempt => Attempted(status, attempt, now),
        RemoteEvent.AwaitsConfig awaits => Enter(status, RemotePhase.Connecting, $"connected, waiting for {awaits.Key}", now) with { Source = Source(status, awaits.Endpoint) },
        RemoteEvent.ConfigAccepted accepted => Accepted(status, accepted, now),
        RemoteEvent.AwaitsCanaries canaries when !AllSynced(status) => Enter(status, RemotePhase.Syncing, Waiting(status, canaries.Missing), now),
        RemoteEvent.Synced synced => PartSynced(status, synced.Part, now),
        RemoteEvent.HeartbeatSeen seen => Beaten(status with { Heartbeat = seen.Written ?? status.Heartbeat }, now),
        RemoteEvent.HeartbeatStale stale when status.Phase is RemotePhase.Ready =>
            Enter(status, RemotePhase.Degraded, $"its heartbeat has not changed for {stale.Silent.TotalSeconds:0} s: its control plane may be down, and what is known of it out of date", now) with { Confirmed = false },
        RemoteEvent.CaughtUp caught => status with { CaughtUpAt = caught.At },
        RemoteEvent.NotBelieved ignored => status with { Ignored = Sum(status.Ignored, ignored.Counts) },
        RemoteEvent.Lost lost => Failed(status, lost.Reason, now),
        RemoteEvent.Refused refused => Failed(status, $"refused: {refused.Reason}", now),
        RemoteEvent.Revoked => status with { Revocations = status.Revocations + 1 },
        _ => status,
    };

    /// <summary>Whether readers of the state must hear of it at once; the rest is seen by whoever asks.</summary>
    public static bool IsNews(RemoteStatus before, RemoteStatus after) =>
        before with { CaughtUpAt = null, Heartbeat = null, Ignored = after.Ignored } != after with { CaughtUpAt = null, Heartbeat = null };

    // While it is disconnected each new attempt leaves it so: people want to see since when and why.
    private static RemoteStatus Attempted(RemoteStatus status, RemoteEvent.Attempt attempt, DateTimeOffset now) =>
        Unsynced(status.Phase is RemotePhase.Disconnected ? status : Enter(status, RemotePhase.Connecting, "no endpoint has answered yet", now)) with { Source = attempt.Source };

    private static RemoteStatus Accepted(RemoteStatus status, RemoteEvent.ConfigAccepted accepted, DateTimeOffset now) =>
        Enter(status, RemotePhase.ConfigRetrieved, "cluster-config accepted, nothing listed yet", now) with
        {
            ClusterId = accepted.ClusterId,
            ConfigRetrieved = true,
            SyncCanaries = accepted.SyncCanaries,
            Source = Source(status, accepted.Endpoint),
            Reconnections = status.Reconnections + (accepted.Again ? 1 : 0),
        };

    private static RemoteStatus PartSynced(RemoteStatus status, RemotePart part, DateTimeOffset now)
    {
        // Listing again, after a compaction, changes nothing.
        if (IsSynced(status, part)) return status;
        var next = part switch
        {
            RemotePart.Nodes => status with { NodesSynced = true },
            RemotePart.Services => status with { ServicesSynced = true },
            RemotePart.Identities => status with { IdentitiesSynced = true },
            _ => status with { EndpointsSynced = true },
        };
        return AllSynced(next)
            ? Enter(next, RemotePhase.Ready, null, now) with { Confirmed = true, CaughtUpAt = now }
            : Enter(next, RemotePhase.Syncing, Waiting(next, []), now);
    }

    private static RemoteStatus Beaten(RemoteStatus status, DateTimeOffset now) =>
        status.Phase is RemotePhase.Degraded ? Enter(status, RemotePhase.Ready, null, now) with { Confirmed = true } : status;

    private static RemoteStatus Failed(RemoteStatus status, string reason, DateTimeOffset now) =>
        Unsynced(Enter(status, RemotePhase.Disconnected, reason, now)) with { Failures = status.Failures + 1, LastError = reason, LastErrorAt = now };

    private static RemoteStatus Unsynced(RemoteStatus status) => status with
    {
        Confirmed = false, ConfigRetrieved = false, NodesSynced = false, ServicesSynced = false, IdentitiesSynced = false, EndpointsSynced = false,
    };

    private static RemoteStatus Enter(RemoteStatus status, RemotePhase phase, string? reason, DateTimeOffset now) =>
        status with { Phase = phase, Reason = reason, Since = status.Phase == phase ? status.Since : now };

    private static string Source(RemoteStatus status, string endpoint) => status.Source.StartsWith("cache", StringComparison.Ordinal) ? status.Source : endpoint;

    private static string Waiting(RemoteStatus status, ImmutableArray<RemotePart> missing) => missing.IsEmpty
        ? $"listing {Join(RemoteParts.All.Where(part => !IsSynced(status, part)))}"
        : $"waiting for the sync canaries of {Join(missing)}";

    private static string Join(IEnumerable<RemotePart> parts) => string.Join(", ", parts.Select(part => part.Text()));

    private static bool AllSynced(RemoteStatus status) => RemoteParts.All.All(part => IsSynced(status, part));

    private static bool IsSynced(RemoteStatus status, RemotePart part) => part switch
    {
        RemotePart.Nodes => status.NodesSynced,
        RemotePart.Services => status.ServicesSynced,
        RemotePart.Identities => status.IdentitiesSynced,
        _ => status.EndpointsSynced,
    };

    private static ImmutableSortedDictionary<string, long> Sum(ImmutableSortedDictionary<string, long> counts, IReadOnlyDictionary<string, long> more) =>
        counts.SetItems(more.Select(pair => KeyValuePair.Create(pair.Key, counts.GetValueOrDefault(pair.Key) + pair.Value)));
}
