using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// Follows the policies that the node's agent has written into the kernel, connects again when it is gone, and keeps what it had
/// meanwhile: the kernel goes on by the same ones.
/// </summary>
public sealed class PolicyClient : IDisposable
{
    private readonly AgentStream<PoliciesRequest, PoliciesUpdate, NodePolicies> _stream;

    /// <param name="socket">Path of the agent's Unix socket.</param>
    /// <param name="cluster">The own cluster; an agent of another one is refused.</param>
    public PolicyClient(string socket, string cluster, TimeProvider time)
    {
        var receiver = new PolicyReceiver(cluster);
        _stream = new(socket, PolicyMethod.Stream, PolicyMethod.Limits, new() { Client = Name }, receiver.Take, receiver.Restart, time);
    }

    /// <summary>Whether the agent answers now, and has told its policies.</summary>
    public bool Connected => _stream.Connected;

    /// <inheritdoc cref="SnapshotClient.Reconnections"/>
    public int Reconnections => _stream.Reconnections;

    /// <inheritdoc cref="SnapshotClient.LastError"/>
    public string? LastError => _stream.LastError;

    /// <summary>How a follower says who it is, for the agent's log.</summary>
    internal static string Name => $"{Path.GetFileName(Environment.ProcessPath)} {Environment.ProcessId}";

    /// <inheritdoc cref="SnapshotClient.RunAsync"/>
    public Task RunAsync(Action<NodePolicies> apply, Action<Exception> failed, Action<string?> changed, CancellationToken stop) => _stream.RunAsync(apply, failed, changed, stop);

    public void Dispose() => _stream.Dispose();
}
