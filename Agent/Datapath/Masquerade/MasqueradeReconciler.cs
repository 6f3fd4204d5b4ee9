using ClusterMesh.Agent.Network;

namespace ClusterMesh.Agent.Datapath.Masquerade;

/// <summary>Keeps the table of rules as it should be, replaced as a whole.</summary>
internal sealed class MasqueradeReconciler(NodeNetwork network, bool on) : IReconciler
{
    private string? _written;
    private object? _nodes;

    public string Name => "masquerading";

    public void Reconcile(NodeInputs inputs)
    {
        if (ReferenceEquals(_nodes, inputs.Nodes) && _written is not null) return;
        var first = _written is null;
        // The agent before knew of more nodes; whoever is not known would be outside.
        if (first && on && !inputs.Synced && NftTool.HasTable(MasqueradeRules.Table)) return;
        var wanted = on ? MasqueradeRules.Text(network, inputs.Nodes) : "";
        if (wanted != _written && (on || NftTool.HasTable(MasqueradeRules.Table))) NftTool.Apply(on ? wanted : MasqueradeRules.Delete);
        (_written, _nodes) = (wanted, inputs.Nodes);
    }
}
