using System.Text;
using System.Text.Json;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.MeshBench;

/// <summary>All that one cluster has in its etcd, as its agents would write it.</summary>
internal static class ClusterKeys
{
    public static string ServiceName(int service) => $"service-{service}";

    public static IEnumerable<(string Key, byte[] Value)> Of(string cluster, int id, MeshSize size, bool pods)
    {
        for (var service = 0; service < size.Services; service++) yield return Service(cluster, id, service, size, 8080);
        foreach (var pair in Small(cluster, id, size)) yield return pair;
        for (var pod = 0; pods && pod < size.Services * size.Backends; pod++) yield return Pod(id, pod, size);
        foreach (var prefix in new[] { StateKeys.Nodes, StateKeys.Services, StateKeys.Identities, StateKeys.Ips }) yield return (StateKeys.Synced(cluster, prefix), "2026-11-20T12:00:00Z"u8.ToArray());
    }

    /// <param name="port">Of every backend: another one makes it another value.</param>
    public static (string Key, byte[] Value) Service(string cluster, int id, int service, MeshSize size, int port) => (
        StateKeys.Service(cluster, "default", ServiceName(service)),
        JsonSerializer.SerializeToUtf8Bytes(new ServiceRecord
        {
            Cluster = cluster,
            Namespace = "default",
            Name = ServiceName(service),
            Frontends = Ports("10.96.0.10", 80),
            Backends = Enumerable.Range(0, size.Backends).ToDictionary(backend => Address(id, (service * size.Backends) + backend), _ => (IReadOnlyDictionary<string, L4Record>)Ports(port)),
            Selector = new Dictionary<string, string> { ["app"] = ServiceName(service) },
            IncludeExternal = true,
            Shared = true,
            ClusterId = id,
        }, SchemaJson.Instance.ServiceRecord));

    private static IEnumerable<(string Key, byte[] Value)> Small(string cluster, int id, MeshSize size)
    {
        yield return (StateKeys.ClusterConfig(cluster), JsonSerializer.SerializeToUtf8Bytes(
            new ClusterConfigRecord { Id = id, Capabilities = new() { SyncedCanaries = true, MaxConnectedClusters = 255 } }, SchemaJson.Instance.ClusterConfigRecord));
        yield return (StateKeys.Heartbeat, "2026-11-20T12:00:00Z"u8.ToArray());
        for (var node = 0; node < size.Nodes; node++)
        {
            yield return (StateKeys.Node(cluster, $"node-{node}"), JsonSerializer.SerializeToUtf8Bytes(
                new NodeRecord { Name = $"node-{node}", Cluster = cluster, ClusterID = id, IPAddresses = [new("InternalIP", $"172.18.{id}.{node}")], IPv4AllocCIDR = new(new([10, (byte)id, (byte)node, 0]), 24) }, SchemaJson.Instance.NodeRecord));
        }

        for (var identity = 0; identity < size.Identities; identity++)
            yield return (StateKeys.Identity((uint)((id << 16) + identity)), Encoding.UTF8.GetBytes($"k8s:app={ServiceName(identity)};k8s:io.cilium.k8s.policy.cluster={cluster};k8s:io.cilium.k8s.policy.serviceaccount=default;k8s:io.kubernetes.pod.namespace=default;"));
    }

    private static (string Key, byte[] Value) Pod(int id, int pod, MeshSize size)
    {
        var address = Address(id, pod);
        return (StateKeys.Ip(address), JsonSerializer.SerializeToUtf8Bytes(
            new IpRecord { IP = address, HostIP = $"172.18.{id}.{pod % size.Nodes}", ID = (id << 16) + (pod / size.Backends % size.Identities), K8sNamespace = "default", K8sPodName = $"pod-{pod}", K8sServiceAccount = "default", NamedPorts = [new("http", 8080, "TCP")] }, SchemaJson.Instance.IpRecord));
    }

    // The second byte also takes what is beyond 65,536 pods of one cluster.
    private static string Address(int id, int pod) => $"{10 + (pod >> 16)}.{id}.{pod >> 8 & 0xff}.{pod & 0xff}";

    private static Dictionary<string, L4Record> Ports(int port) => new() { ["http"] = new("TCP", port) };

    private static Dictionary<string, IReadOnlyDictionary<string, L4Record>> Ports(string address, int port) => new() { [address] = Ports(port) };

    /// <summary>Writes them in transactions, as fast as etcd takes them.</summary>
    public static async Task WriteAsync(IEtcdClient client, IEnumerable<(string Key, byte[] Value)> keys)
    {
        foreach (var some in keys.Chunk(100)) await client.TxnAsync(new([], [.. some.Select(pair => EtcdOp.Put(pair.Key, pair.Value))]));
    }
}
