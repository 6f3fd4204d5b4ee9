using ClusterMesh.Bpf.Services;
using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Services;

/// <summary>One way to balance so many services, loaded on the client's node, with what its writing took.</summary>
internal sealed class ServiceSide : IDisposable
{
    private readonly TwoNodes _nodes;
    private readonly Action<Service, int> _change;
    private readonly IReadOnlyList<Service> _services;

    private ServiceSide(string name, int count, TwoNodes nodes, Action<Node, IReadOnlyList<Service>> load, Action<Service, int> change)
    {
        (_nodes, _change) = (nodes, change);
        try
        {
            _services = Service.Many(count, nodes.Servers);
            Load = Time(() => load(nodes.First, _services));
            Contender = new(name, nodes.Client.Netns, () => new Connections(nodes.Servers, _services[^1].ClusterIp));
        }
        catch
        {
            nodes.Dispose();
            throw;
        }
    }

    public Contender Contender { get; }

    /// <summary>Of all services, where there were none.</summary>
    public TimeSpan Load { get; }

    public static ServiceSide Ours(int count)
    {
        var nodes = TwoNodes.OfOurs();
        ServiceTable table = nodes.Ours!.Datapath.Services;
        return new($"ours-{count}", count, nodes, (_, services) => table.Load(services), (service, _) => table.Set(service));
    }

    public static ServiceSide NftMap(int count)
    {
        var nodes = TwoNodes.Vxlan();
        return new($"nft-map-{count}", count, nodes, (node, services) => Nft(node, KubeProxyNftables.Of(services)), (service, number) => Nft(nodes.First, KubeProxyNftables.Change(service, number)));
    }

    public static ServiceSide NftRules(int count) =>
        new($"nft-rules-{count}", count, TwoNodes.Vxlan(), (node, services) => Nft(node, KubeProxyRules.Of(services)), (_, _) => throw new NotSupportedException());

    /// <summary>The asked service loses a backend, and gets it again: the median of so many changes.</summary>
    public TimeSpan Change(int times)
    {
        var (asked, number) = (_services[^1], _services.Count - 1);
        var taken = Enumerable.Range(1, times).Select(i => Time(() => _change(asked with { Backends = [.. asked.Backends.Take(1 + (i % 2))] }, number)));
        return taken.Order().ElementAt(times / 2);
    }

    public void Dispose()
    {
        Contender.Dispose();
        _nodes.Dispose();
    }

    private static void Nft(Node node, string transaction) => node.Netns.Pipe(transaction, "nft", "-f", "-");

    private static TimeSpan Time(Action action)
    {
        var begun = TimeProvider.System.GetTimestamp();
        action();
        return TimeProvider.System.GetElapsedTime(begun);
    }
}
