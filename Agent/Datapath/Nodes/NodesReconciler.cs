using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;

namespace ClusterMesh.Agent.Datapath.Nodes;

/// <summary>The map of nodes whose tunnels are believed, and for which cluster they may speak.</summary>
internal sealed class NodesReconciler(TypedMap<Address, Node> map) : IReconciler
{
    // Of the agent before; what is wanted is compared with it once.
    private readonly Dictionary<Address, Node> _written = new(map.Read());
    private MeshNodes? _last;
    private bool _pruned;

    public string Name => "nodes";

    public void Reconcile(NodeInputs inputs)
    {
        var prune = inputs.Heard.All;
        if (ReferenceEquals(inputs.Nodes, _last) && (_pruned || !prune)) return;
        var wanted = Wanted(inputs.Nodes);
        foreach (var (address, node) in wanted)
        {
            if (_written.TryGetValue(address, out var there) && there == node) continue;
            map.Update(address, node);
            _written[address] = node;
        }

        foreach (var address in prune ? _written.Keys.Where(address => !wanted.ContainsKey(address)).ToList() : [])
        {
            map.Delete(address);
            _written.Remove(address);
        }

        (_last, _pruned) = (inputs.Nodes, prune);
    }

    /// <summary>Of two nodes with one address the own cluster's counts.</summary>
    internal static Dictionary<Address, Node> Wanted(MeshNodes nodes)
    {
        var wanted = new Dictionary<Address, Node>();
        foreach (var node in nodes.Others)
        {
            foreach (var address in node.Addresses) wanted.TryAdd(new(address), new() { ClusterId = node.ClusterId });
        }

        return wanted;
    }
}
