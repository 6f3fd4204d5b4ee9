using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;

namespace ClusterMesh.Agent.Datapath.Masquerade;

/// <summary>Keeps the table of rules as it should be, replaced as a whole.</summary>
internal sealed class MasqueradeReconciler(NodeNetwork network, bool leaving) : IReconciler
{
    private string? _written;
    private object? _nodes;

    public string Name => "masquerading";

    public void Reconcile(NodeInputs inputs)
    {
        if (ReferenceEquals(_nodes, inputs.Nodes) && _written is not null) return;
        // The agent before knew of more nodes; whoever is not known would be outside.
        if (_written is null && !inputs.Synced && NftTool.HasTable(HostNetwork.Table)) return;
        var wanted = MasqueradeRules.Text(network, inputs.Nodes, leaving);
        if (wanted != _written) NftTool.Apply(wanted);
        (_written, _nodes) = (wanted, inputs.Nodes);
    }
}
