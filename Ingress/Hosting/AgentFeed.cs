using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>Snapshots from the node's agent. While it is away the last one stays, and a restart begins with the one kept on disk.</summary>
internal sealed class AgentFeed : ISnapshotFeed
{
    private readonly AgentOptions _options;
    private readonly ILogger _log;
    private readonly SnapshotFile? _file;
    private readonly SnapshotClient _client;

    public AgentFeed(string cluster, AgentOptions options, ILogger log, TimeProvider time)
    {
        (_options, _log) = (options, log);
        _file = options.State is { } directory ? new(directory, Follower.Edge, time, problem => Log.NotKept(log, problem)) : null;
        _client = new(options.Socket, cluster, Follower.Edge, _file, time);
    }

    public void Start(Action<MeshSnapshot> apply)
    {
        if (_client.Restore(out var problem) is { } kept)
        {
            apply(kept);
            Log.Restored(_log, _options.State!, kept.Services.Count);
        }

        if (problem is not null) Log.NotRestored(_log, problem);
    }

    public IEnumerable<Task> Run(Action<MeshSnapshot> apply, Action<Exception> failed, CancellationToken stop) =>
        [_client.RunAsync(apply, failed, Connection, stop)];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_file is not null) await _file.DisposeAsync();
    }

    private void Connection(string? lost)
    {
        if (lost is null) Log.AgentFound(_log, _options.Socket);
        else Log.AgentLost(_log, _options.Socket, lost);
    }
}
