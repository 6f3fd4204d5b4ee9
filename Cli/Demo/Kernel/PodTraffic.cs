using System.Net;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Cli.Demo.Kernel;

/// <summary>Sends requests from a pod to a ClusterIP, each on a new connection, and notes who answered.</summary>
/// <param name="patience">Null = as long as packets take, if none is lost.</param>
internal sealed class PodTraffic(NetworkNamespace pod, IPEndPoint service, TimeProvider time, TimeSpan? patience = null) : IDisposable
{
    // Many, so that connections that nobody answers leave enough of the others.
    private const int Workers = 32;

    /// <summary>About 400 connections per second.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(80);

    private readonly NamespaceSockets _sockets = new(pod);

    private readonly long _start = time.GetTimestamp();

    /// <summary>The clock that answers are stamped with.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>That many connections, as fast as they go.</summary>
    public Task<Sample> SendAsync(int count, CancellationToken cancel) => Burst.SendAsync(count, Workers, () =>
    {
        cancel.ThrowIfCancellationRequested();
        return AskAsync();
    });

    /// <summary>Steady traffic until it is stopped.</summary>
    public Load StartLoad(CancellationToken cancel) => new(AskAsync, Workers, Pace, time, cancel);

    public void Dispose() => _sockets.Dispose();

    private async Task<Answer> AskAsync()
    {
        var begun = Now;
        return await LabConnection.AskAsync(_sockets, service, patience) switch
        {
            { Status: 200, Cluster: { } cluster, Pod: { } pod, Version: { } version } => new(begun, cluster, version, pod),
            { Failure: { } why } => Answer.Failed(begun, why),
            var other => Answer.Failed(begun, $"status {other.Status}"),
        };
    }
}
