namespace ClusterMesh.DatapathBench.Topology;

/// <summary>Two nodes with two pods each, and one of the ways to carry packets between them.</summary>
internal sealed class TwoNodes : IDisposable
{
    private readonly List<IDisposable> _carriers = [];

    private TwoNodes()
    {
        First.Connect(Second);
        foreach (var node in Nodes)
        {
            node.AddPod();
            node.AddPod();
        }
    }

    public Node First { get; } = new(1);

    public Node Second { get; } = new(2);

    public Pod Client => First.Pods[0];

    public Pod Neighbour => First.Pods[1];

    public IReadOnlyList<Pod> Servers => Second.Pods;

    /// <summary>Ours only.</summary>
    public OurDatapath? Ours => _carriers.OfType<OurDatapath>().FirstOrDefault();

    private IEnumerable<Node> Nodes => [First, Second];

    /// <summary>The kernel's routes over the underlay, no tunnel.</summary>
    public static TwoNodes Routed() => Of((node, other) =>
    {
        node.Netns.Run($"route add {other.PodRange} via {other.Underlay} dev {Node.UnderlayInterface} src {node.Inner}");
        return null;
    });

    /// <summary>The kernel's VXLAN device with a fixed forwarding entry, as flannel sets it up.</summary>
    public static TwoNodes Vxlan() => Of((node, other) =>
    {
        KernelVxlan.Join(node, other);
        return null;
    });

    public static TwoNodes OfOurs(bool tunnel = true) => Of((node, other) => new OurDatapath(node, other, tunnel));

    public void Dispose()
    {
        _carriers.ForEach(carrier => carrier.Dispose());
        First.Dispose();
        Second.Dispose();
    }

    private static TwoNodes Of(Func<Node, Node, IDisposable?> join)
    {
        var nodes = new TwoNodes();
        try
        {
            if (join(nodes.First, nodes.Second) is { } first) nodes._carriers.Add(first);
            if (join(nodes.Second, nodes.First) is { } second) nodes._carriers.Add(second);
            return nodes;
        }
        catch
        {
            nodes.Dispose();
            throw;
        }
    }
}
