using System.Collections.Immutable;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Mesh.Publish.Sync;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Datapath;

/// <summary>All reconcilers, one after the other: one that fails does not keep the next from its work. One thread at a time.</summary>
internal sealed partial class Reconciling(ILogger log, params ImmutableArray<IReconciler> reconcilers)
{
    private readonly Troubles _troubles = new();
    private ImmutableArray<IReconciler> _reconcilers = reconcilers;

    /// <summary>Before the first pass; it is done last.</summary>
    public void Add(IReconciler reconciler) => _reconcilers = _reconcilers.Add(reconciler);

    /// <summary>What the reconciler of that name said when it failed; null: it works.</summary>
    public string? TroubleOf(string name) => _troubles.Current.GetValueOrDefault(name);

    /// <summary>Whether all went well.</summary>
    public bool Pass(NodeInputs inputs) => Pass(_reconcilers, inputs);

    /// <summary>The last one alone: what need not wait for the others.</summary>
    public bool PassLast(NodeInputs inputs) => Pass([_reconcilers[^1]], inputs);

    private bool Pass(ImmutableArray<IReconciler> reconcilers, NodeInputs inputs)
    {
        var good = true;
        foreach (var reconciler in reconcilers)
        {
            try
            {
                reconciler.Reconcile(inputs);
                if (_troubles.Clear(reconciler.Name)) LogWorks(log, reconciler.Name);
            }
            catch (Exception exception)
            {
                good = false;
                if (_troubles.Report(reconciler.Name, exception.Message)) LogFails(log, reconciler.Name, exception.Message, exception is BpfException or NetworkException ? null : exception);
            }
        }

        return good;
    }

    [LoggerMessage(211, LogLevel.Error, "data path: {Part} cannot be written, and is tried again; what was there stays: {Reason}")]
    private static partial void LogFails(ILogger log, string part, string reason, Exception? exception);

    [LoggerMessage(212, LogLevel.Information, "data path: {Part} written again")]
    private static partial void LogWorks(ILogger log, string part);
}
