using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

/// <summary>What stands in an etcd, for tests.</summary>
internal static class EtcdView
{
    public static EtcdClient Connect(this EtcdProcess etcd) => EtcdClient.Open(new([etcd.Endpoint]), TimeProvider.System);

    public static async Task<SortedDictionary<string, EtcdKeyValue>> KeysAsync(this IEtcdClient client, string prefix = "cilium/")
    {
        var keys = new SortedDictionary<string, EtcdKeyValue>(StringComparer.Ordinal);
        await foreach (var page in client.ListAsync(prefix))
        {
            foreach (var item in page.Items) keys[item.Key] = item;
        }

        return keys;
    }

    public static async Task<string?> TextAsync(this IEtcdClient client, string key) => (await client.GetAsync(key)).Item is { } item ? Encoding.UTF8.GetString(item.Value.Span) : null;
}
