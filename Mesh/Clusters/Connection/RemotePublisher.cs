using ClusterMesh.Mesh.Clusters.State;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>
/// Hands on what changes of one remote. An isolated change goes at once; what comes while a value is being handed on goes together
/// after it.
/// </summary>
internal sealed partial class RemotePublisher(RemoteState state, Action<RemoteObjects> publish, ILogger log)
{
    private readonly ILogger _log = log;
    private (RemotePhase, string?) _said;

    public async Task RunAsync(CancellationToken stop)
    {
        do Publish();
        while (await state.News.WaitToReadAsync(stop) && state.News.TryRead(out _));
    }

    private void Publish()
    {
        var objects = state.Take();
        Say(objects);
        try
        {
            publish(objects);
        }
        catch (Exception e)
        {
            LogFailed(e, objects.Cluster);
        }
    }

    private void Say(RemoteObjects objects)
    {
        var (phase, reason) = (objects.Status.Phase, objects.Status.Reason);
        if (_said == (phase, reason)) return;
        _said = (phase, reason);
        if (phase is RemotePhase.Degraded or RemotePhase.Disconnected) LogTrouble(objects.Cluster, phase.Text(), reason!);
        else LogPhase(objects.Cluster, phase.Text(), reason ?? $"{objects.Services.Count} services, {objects.Nodes.Count} nodes, {objects.Ips.Count} endpoints");
    }

    [LoggerMessage(1, LogLevel.Information, "remote cluster {Cluster} {Phase}: {Reason}")]
    private partial void LogPhase(string cluster, string phase, string reason);

    [LoggerMessage(2, LogLevel.Warning, "remote cluster {Cluster} {Phase}: {Reason}")]
    private partial void LogTrouble(string cluster, string phase, string reason);

    [LoggerMessage(3, LogLevel.Error, "remote cluster {Cluster}: what it told could not be handed on; its next change tries again")]
    private partial void LogFailed(Exception error, string cluster);
}
