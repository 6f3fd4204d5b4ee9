using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Datapath.Nodes;

/// <summary>The map of nodes whose tunnels are believed, and for which cluster they may speak.</summary>
internal sealed partial class NodesReconciler(TypedMap<Address, Node> map, ILogger log) : IReconciler
{
    // Of the agent before; what is wanted is compared with it once.
    private readonly Dictionary<Address, Node> _written = new(map.Read());
    private MeshNodes? _last;
    private bool _pruned;
    private ImmutableArray<string> _refused = [];

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

        foreach (var sentence in inputs.Nodes.Refused.Except(_refused)) LogRefused(sentence);
        (_last, _pruned, _refused) = (inputs.Nodes, prune, inputs.Nodes.Refused);
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

    [LoggerMessage(230, LogLevel.Warning, "{Sentence}")]
    private partial void LogRefused(string sentence);
}
