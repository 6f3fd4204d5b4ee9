using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Mesh.Tests.Publish;

/// <summary>One agent's publisher against a real etcd, which can be stopped with grace or die.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly Relay _relay;
    private readonly ClusterPublisher _publisher;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Agent(EtcdProcess etcd, PublishConfig config)
    {
        _relay = new(etcd.Port);
        _publisher = new(config, () => EtcdClient.Open(new([_relay.Endpoint]) { Timeout = TimeSpan.FromSeconds(2) }, TimeProvider.System), TimeProvider.System, NullLogger<ClusterPublisher>.Instance);
        _running = _publisher.RunAsync(_stop.Token);
    }

    public PublishStatus Status => _publisher.Status;

    public void Publish(ClusterObjects objects) => _publisher.Publish(objects);

    public Task SyncedAsync() => Eventually.TrueAsync(() => Status.Synced, "everything is written", 30);

    /// <summary>Ends it; for etcd it simply falls silent.</summary>
    public Task KillAsync()
    {
        _relay.Stop();
        return StopAsync();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested) await StopAsync();
        await _publisher.DisposeAsync();
        _relay.Dispose();
        _stop.Dispose();
    }
}
