using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// Follows the node's agent: applies each snapshot it tells, connects again when it is gone, and keeps what it had meanwhile.
/// </summary>
/// <param name="socket">Path of the agent's Unix socket.</param>
/// <param name="cluster">The own cluster; an agent of another one is refused.</param>
/// <param name="follower">What is told besides the services.</param>
/// <param name="file">Where the last good snapshot is kept; null = nowhere.</param>
public sealed class SnapshotClient(string socket, string cluster, Follower follower, SnapshotFile? file, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50), s_longestPause = TimeSpan.FromSeconds(2);

    private readonly GrpcChannel _channel = new(new($"unix://{Path.GetFullPath(socket)}"), time, new() { Limits = SnapshotMethod.Limits });
    private readonly SnapshotReceiver _receiver = new(cluster, time);

    /// <summary>Whether the agent answers now.</summary>
    public bool Connected { get; private set; }

    /// <summary>Connections made after the first.</summary>
    public int Reconnections { get; private set; }

    /// <summary>Why the last connection ended; null while connected.</summary>
    public string? LastError { get; private set; }

    /// <summary>
    /// What was kept on disk by an earlier life, or null. The agent's own first snapshot replaces it whole.
    /// </summary>
    public MeshSnapshot? Restore(out string? problem)
    {
        problem = null;
        try
        {
            return file?.Load(_receiver);
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
    public async Task RunAsync(Action<MeshSnapshot> apply, Action<Exception> failed, Action<string?> changed, CancellationToken stop)
    {
        var backoff = new Backoff(s_firstPause, s_longestPause, new ThreadChance());
        while (!stop.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            var error = await FollowAsync(apply, failed, changed, stop);
            if (stop.IsCancellationRequested) return;
            if (Connected || LastError != error) changed(error);
            (Connected, LastError) = (false, error);
            if (time.GetElapsedTime(begun) > s_longestPause) backoff.Reset();
            await backoff.WaitAsync(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task<string> FollowAsync(Action<MeshSnapshot> apply, Action<Exception> failed, Action<string?> changed, CancellationToken stop)
    {
        _receiver.Restart();
        try
        {
            var request = new StreamRequest { Client = $"{Path.GetFileName(Environment.ProcessPath)} {Environment.ProcessId}", Edge = follower.HasFlag(Follower.Edge), Node = follower.HasFlag(Follower.Node) };
            await foreach (var update in _channel.ServerStreamAsync(SnapshotMethod.Stream, request, cancel: stop))
            {
                if (_receiver.Take(update) is not { } snapshot) continue;
                if (!Connected)
                {
                    if (LastError is not null) Reconnections++;
                    (Connected, LastError) = (true, null);
                    changed(null);
                }

                Apply(snapshot, apply, failed);
            }

            return "the agent ended the stream";
        }
        catch (Exception exception) when (exception is GrpcException or WireException)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
    }

    private void Apply(MeshSnapshot snapshot, Action<MeshSnapshot> apply, Action<Exception> failed)
    {
        try
        {
            apply(snapshot);
            file?.Save(snapshot);
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }
}
