namespace ClusterMesh.Agent.Datapath;

/// <summary>
/// One part of what is in the kernel: computes what should be there, and writes what differs. Called by one thread at a time; what
/// fails is thrown, and asked for again after a pause, with what is there by then.
/// </summary>
internal interface IReconciler
{
    /// <summary>For the log: "routes".</summary>
    string Name { get; }

    void Reconcile(NodeInputs inputs);
}
