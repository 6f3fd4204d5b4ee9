using System.Text;
using System.Text.Json;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>Where one remote's mirror stands in our own etcd (cilium.md 2).</summary>
internal sealed class MirrorKeys(string cluster)
{
    private readonly RemotePrefixes _prefixes = RemotePrefixes.Cached(cluster);

    public string Config { get; } = StateKeys.ClusterConfig(cluster);

    /// <summary>Prefix of all its canaries.</summary>
    public string Synced { get; } = StateKeys.SyncedOf(cluster);

    public string Heartbeat => _prefixes.Heartbeat;

    public string Canary(RemotePart part) => _prefixes[part].Canary;

    public string Prefix(RemotePart part) => _prefixes[part].Keys;

    public string Key(RemotePart part, string name) => _prefixes[part].Keys + name;

    /// <summary>The remote's config, marked as a mirror that writes canaries, whether the remote does or not.</summary>
    public static byte[] ConfigValue(ClusterConfigRecord config) =>
        JsonSerializer.SerializeToUtf8Bytes(config with { Capabilities = config.Capabilities with { Cached = true, SyncedCanaries = true } }, SchemaJson.Instance.ClusterConfigRecord);

    public static byte[] CanaryValue(DateTimeOffset now) => Encoding.UTF8.GetBytes(now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
}
