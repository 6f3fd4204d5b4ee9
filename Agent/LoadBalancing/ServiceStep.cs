using ClusterMesh.Agent.Datapath;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>The services' part of each pass over the kernel. What the kernel refuses of them is a problem of its own, and tried again by itself.</summary>
internal sealed class ServiceStep(ServiceReconciler services) : IReconciler
{
    public string Name => "services";

    public void Reconcile(NodeInputs inputs) => services.Apply(inputs.Snapshot, inputs.Remotes, inputs.Reachability, inputs.Synced);
}
