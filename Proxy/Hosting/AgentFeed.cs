using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Hosting;

/// <summary>Snapshots from the node's agent. While it is away the last one stays, and a restart begins with the one kept on disk.</summary>
internal sealed partial class AgentFeed : ISnapshotFeed
{
    private readonly AgentOptions _options;
    private readonly ILogger _log;
    private readonly SnapshotFile? _file;
    private readonly SnapshotClient _client;

    public AgentFeed(string cluster, AgentOptions options, Follower follower, ILogger log, TimeProvider time)
    {
        (_options, _log) = (options, log);
        _file = options.State is { } directory ? new(directory, follower, time, LogProblem) : null;
        _client = new(options.Socket, cluster, follower, _file, time);
    }

    public void Start(Action<MeshSnapshot> apply)
    {
        if (_client.Restore(out var problem) is { } kept)
        {
            apply(kept);
            LogRestored(_options.State!, kept.Services.Count);
        }

        if (problem is not null) LogProblem(problem);
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
        if (lost is null) LogFound(_options.Socket);
        else LogLost(_options.Socket, lost);
    }

    [LoggerMessage(110, LogLevel.Information, "snapshots come from the agent at {Socket}")]
    private partial void LogFound(string socket);

    [LoggerMessage(111, LogLevel.Warning, "no agent at {Socket}: {Reason}; the last good snapshot stays in force")]
    private partial void LogLost(string socket, string reason);

    [LoggerMessage(112, LogLevel.Information, "started from the snapshot kept in {Directory}: {Services} services")]
    private partial void LogRestored(string directory, int services);

    [LoggerMessage(113, LogLevel.Warning, "{Problem}")]
    private partial void LogProblem(string problem);
}
