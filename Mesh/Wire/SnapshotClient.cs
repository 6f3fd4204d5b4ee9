using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// Follows the node's agent: applies each snapshot it tells, connects again when it is gone, and keeps what it had meanwhile.
/// </summary>
public sealed class SnapshotClient : IDisposable
{
    private readonly SnapshotReceiver _receiver;
    private readonly SnapshotFile? _file;
    private readonly AgentStream<StreamRequest, SnapshotUpdate, MeshSnapshot> _stream;

    /// <param name="socket">Path of the agent's Unix socket.</param>
    /// <param name="cluster">The own cluster; an agent of another one is refused.</param>
    /// <param name="follower">What is told besides the services.</param>
    /// <param name="file">Where the last good snapshot is kept; null = nowhere.</param>
    public SnapshotClient(string socket, string cluster, Follower follower, SnapshotFile? file, TimeProvider time)
    {
        (_receiver, _file) = (new(cluster, time), file);
        var request = new StreamRequest { Client = PolicyClient.Name, Edge = follower.HasFlag(Follower.Edge), Node = follower.HasFlag(Follower.Node) };
        _stream = new(socket, SnapshotMethod.Stream, SnapshotMethod.Limits, request, _receiver.Take, _receiver.Restart, time);
    }

    /// <summary>Whether the agent answers now.</summary>
    public bool Connected => _stream.Connected;

    /// <summary>Connections made after the first.</summary>
    public int Reconnections => _stream.Reconnections;

    /// <summary>Why the last connection ended; null while connected.</summary>
    public string? LastError => _stream.LastError;

    /// <summary>
    /// What was kept on disk by an earlier life, or null. The agent's own first snapshot replaces it whole.
    /// </summary>
    public MeshSnapshot? Restore(out string? problem)
    {
        problem = null;
        try
        {
            return _file?.Load(_receiver);
        }
        catch (WireException exception)
        {
            problem = exception.Message;
            return null;
        }
        finally
        {
            _receiver.Restart();
        }
    }

    /// <summary>Until stopped. <paramref name="apply"/> is called from one thread at a time; what it throws is given to <paramref name="failed"/>.</summary>
    /// <param name="changed">Told whenever the connection came about (null) or was lost (why).</param>
    public Task RunAsync(Action<MeshSnapshot> apply, Action<Exception> failed, Action<string?> changed, CancellationToken stop) => _stream.RunAsync(
        snapshot =>
        {
            apply(snapshot);
            _file?.Save(snapshot);
        }, failed, changed, stop);

    public void Dispose() => _stream.Dispose();
}
