using System.Text;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Tests.Etcd;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>A remote read over mutual TLS by a user with exactly Cilium's role "remote" (cilium.md 1.3).</summary>
public sealed class RemoteRoleTests : IAsyncLifetime
{
    private readonly EtcdPki _pki = new();
    private EtcdProcess _etcd = null!;
    private EtcdClient _root = null!;

    public async Task InitializeAsync()
    {
        _etcd = await EtcdProcess.StartAsync(_pki.Server);
        _root = EtcdClient.Open(_pki.Client(_etcd.Endpoint, "root", "root"), TimeProvider.System);
        await _root.Auth.AddUserAsync("root");
        await _root.Auth.AddRoleAsync("root");
        await _root.Auth.GrantRoleAsync("root", "root");
        await _root.Auth.AddRoleAsync("remote");
        await _root.Auth.GrantPermissionAsync("remote", "cilium/.heartbeat", prefix: false, write: false);
        await _root.Auth.GrantPermissionAsync("remote", "cilium/state/", prefix: true, write: false);
        await _root.Auth.GrantPermissionAsync("remote", "cilium/cluster-config/east", prefix: false, write: false);
        await _root.Auth.GrantPermissionAsync("remote", "cilium/synced/east/", prefix: true, write: false);
        await _root.Auth.AddUserAsync("remote-west");
        await _root.Auth.GrantRoleAsync("remote-west", "remote");
        await _root.Auth.EnableAsync();
    }

    public async Task DisposeAsync()
    {
        await _root.DisposeAsync();
        await _etcd.DisposeAsync();
        _pki.Dispose();
    }

    [Fact]
    public async Task Read_WithTheRemoteRoleAlone_SeesEverythingFromBeforeTheConfigOn()
    {
        await using var follower = new RemoteFollower(_pki.Client(_etcd.Endpoint, "remote-west"));
        await follower.IsAsync(RemotePhase.Connecting, "waiting for cilium/cluster-config/east");
        await PutAsync("cilium/cluster-config/east", """{"id":2,"capabilities":{"syncedCanaries":true}}""");
        await follower.IsAsync(RemotePhase.Syncing, "waiting for the sync canaries");

        await FillAsync();
        await follower.IsAsync(RemotePhase.Ready);
        await PutAsync(StateKeys.Service("east", "default", "b"), RemoteEtcd.Service("east", 2, "b", "10.2.0.2"));
        await PutAsync("cilium/.heartbeat", "2026-01-01T00:00:00Z");

        await follower.HasServicesAsync("a", "b");
        await follower.SeesAsync(_ => follower.Status.Heartbeat is not null, "the heartbeat");
        await _root.DeleteAsync(StateKeys.Service("east", "default", "a"));
        await follower.HasServicesAsync("b");
        Assert.Equal(0, follower.Status.Failures);
    }

    [Fact]
    public async Task Read_UserWithoutTheRole_SaysSoAndKeepsTrying()
    {
        await _root.Auth.AddUserAsync("remote-north");
        await PutAsync("cilium/cluster-config/east", """{"id":2,"capabilities":{"syncedCanaries":true}}""");
        await FillAsync();
        await using var follower = new RemoteFollower(_pki.Client(_etcd.Endpoint, "remote-north"));

        await follower.IsAsync(RemotePhase.Disconnected, "permission denied");
        await _root.Auth.GrantRoleAsync("remote-north", "remote");

        await follower.IsAsync(RemotePhase.Ready);
    }

    [Fact]
    public async Task Read_OtherAuthority_IsDisconnectedWithTheReason()
    {
        using var other = new EtcdPki();
        await using var follower = new RemoteFollower(other.Client(_etcd.Endpoint, "remote-west"));

        await follower.IsAsync(RemotePhase.Disconnected, "127.0.0.1");

        Assert.Contains("certificate", follower.Status.LastError, StringComparison.OrdinalIgnoreCase);
    }

    private async Task FillAsync()
    {
        await PutAsync(StateKeys.Service("east", "default", "a"), RemoteEtcd.Service("east", 2, "a", "10.2.0.1"));
        foreach (var prefix in new[] { StateKeys.Nodes, StateKeys.Services, StateKeys.Identities, StateKeys.Ips }) await PutAsync(StateKeys.Synced("east", prefix), "2026-01-01T00:00:00Z");
    }

    private Task PutAsync(string key, string value) => _root.PutAsync(key, Encoding.UTF8.GetBytes(value));
}
