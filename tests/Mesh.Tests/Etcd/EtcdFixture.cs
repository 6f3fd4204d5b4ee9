using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>One plain etcd for the tests of a class, which keep apart by their prefixes.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    internal EtcdProcess Process { get; private set; } = null!;

    internal EtcdClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Process = await EtcdProcess.StartAsync();
        Client = EtcdClient.Open(new EtcdConfig([Process.Endpoint]), TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await Process.DisposeAsync();
    }
}
