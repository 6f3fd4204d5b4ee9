using System.Text.Json;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Duties;

/// <summary>
/// A cluster that has another id than it had. Readers that heard of the new one would list what was told under the old one, and not
/// believe it: without canaries they keep what they know until all has been told anew.
/// </summary>
internal static class FormerId
{
    /// <summary>Before anything is told under a new id: takes the canaries of the old one away.</summary>
    public static async Task RetractAsync(IEtcdClient client, PublishConfig config, EtcdCondition fence, CancellationToken cancel)
    {
        var (standing, _) = await client.GetAsync(StateKeys.ClusterConfig(config.Cluster), cancel);
        if (standing is null || IdOf(standing.Value.Span) is not { } id || id == config.ClusterId) return;
        string[] prefixes = [StateKeys.Nodes, StateKeys.Services, StateKeys.Identities, StateKeys.Ips];
        var result = await client.TxnAsync(new([fence], [.. prefixes.Select(prefix => EtcdOp.Delete(StateKeys.Synced(config.Cluster, prefix)))], []), cancel);
        if (!result.Held) throw new ConflictException("another agent leads by now");
    }

    private static long? IdOf(ReadOnlySpan<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, SchemaJson.Instance.ClusterConfigRecord)?.Id;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
