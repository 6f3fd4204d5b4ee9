using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>A real etcd that plays another cluster: what its agents would write, a test writes.</summary>
internal sealed class RemoteEtcd(EtcdProcess process, string cluster, int id) : IAsyncDisposable
{
    public EtcdProcess Process => process;

    public EtcdConfig Config { get; } = new([process.Endpoint]) { GiveUp = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(5) };

    public static async Task<RemoteEtcd> StartAsync(string cluster = "east", int id = 2) => new(await EtcdProcess.StartAsync(), cluster, id);

    /// <summary>Starts it with a cluster-config, these services (each with one backend) and all canaries.</summary>
    public static async Task<RemoteEtcd> ServingAsync(params string[] services)
    {
        var remote = await StartAsync();
        await remote.FillAsync(services);
        return remote;
    }

    public async Task FillAsync(params string[] services)
    {
        await ConfigAsync();
        for (var i = 0; i < services.Length; i++) await ServiceAsync(services[i], $"10.2.0.{i + 1}");
        await CanariesAsync();
    }

    public Task ConfigAsync(long? clusterId = null, string capabilities = "\"syncedCanaries\":true,\"maxConnectedClusters\":255") =>
        PutAsync(StateKeys.ClusterConfig(cluster), $$"""{"id":{{clusterId ?? id}},"capabilities":{ {{capabilities}} } }""");

    public async Task CanariesAsync(params string[] prefixes)
    {
        foreach (var prefix in prefixes is [] ? [StateKeys.Nodes, StateKeys.Services, StateKeys.Identities, StateKeys.Ips] : prefixes)
        {
            await PutAsync(StateKeys.Synced(cluster, prefix), "2026-01-01T00:00:00Z");
        }
    }

    public Task ServiceAsync(string name, string address, int? clusterId = null) =>
        PutAsync(StateKeys.Service(cluster, "default", name), Service(cluster, clusterId ?? id, name, address));

    public Task DeleteServiceAsync(string name) => DeleteAsync(StateKeys.Service(cluster, "default", name));

    public Task NodeAsync(string name) =>
        PutAsync(StateKeys.Node(cluster, name), $$"""{"Name":"{{name}}","Cluster":"{{cluster}}","IPAddresses":[{"Type":"InternalIP","IP":"172.18.0.2"}],"IPv4AllocCIDR":{"IP":"10.2.0.0","Mask":"////AA=="},"ClusterID":{{id}}}""");

    public Task IdentityAsync(uint number, string app = "echo") => PutAsync(StateKeys.Identity(number), $"k8s:app={app};k8s:io.cilium.k8s.policy.cluster={cluster};");

    public Task IpAsync(string ip, uint identity) => PutAsync(StateKeys.Ip(ip), $$"""{"IP":"{{ip}}","Mask":null,"HostIP":"172.18.0.2","ID":{{identity}}}""");

    public Task BeatAsync(string time = "2026-01-01T00:00:00Z") => PutAsync(StateKeys.Heartbeat, time);

    public Task PutAsync(string key, string value) => CallAsync(client => client.PutAsync(key, Encoding.UTF8.GetBytes(value)));

    public Task DeleteAsync(string key, bool prefix = false) => CallAsync(client => client.DeleteAsync(key, prefix));

    public async Task<T> CallAsync<T>(Func<IEtcdClient, Task<T>> call)
    {
        await using var client = EtcdClient.Open(Config, TimeProvider.System);
        return await call(client);
    }

    /// <summary>All that stands under a prefix, as text.</summary>
    public Task<SortedDictionary<string, string>> AllAsync(string prefix) => CallAsync(async client =>
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var page in client.ListAsync(prefix))
        {
            foreach (var item in page.Items) all[item.Key] = Encoding.UTF8.GetString(item.Value.Span);
        }

        return all;
    });

    public ValueTask DisposeAsync() => process.DisposeAsync();

    public static string Service(string cluster, int id, string name, params string[] addresses)
    {
        var backends = string.Join(',', addresses.Select(address => $$"""
            "{{address}}":{"http":{"Protocol":"TCP","Port":8080} }
            """));
        return $$"""{"cluster":"{{cluster}}","namespace":"default","name":"{{name}}","frontends":{},"backends":{ {{backends}} },"labels":{},"selector":{},"includeExternal":true,"shared":true,"clusterID":{{id}} }""";
    }
}
