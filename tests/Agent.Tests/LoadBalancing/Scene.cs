using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>
/// Services with backends written as "w/n1:10.1.0.1 e/n2:10.2.0.1T": cluster, node, address, and T terminating or N not ready. We are
/// node n1 of cluster w at 172.18.0.1. As in a mesh, only the own cluster's backends say their node; others' are found by address.
/// </summary>
internal static class Scene
{
    public static readonly ThisNode Node = new("w", "n1", [IPAddress.Parse("172.18.0.1")]);

    public static ServiceObject Service(string name = "web", string annotations = "", string? clusterIP = "10.96.0.1", string type = "ClusterIP", int? age = null, int? nodePort = null)
    {
        var pairs = annotations.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(text => text[..text.IndexOf('=')], text => text[(text.IndexOf('=') + 1)..]);
        var meta = new ObjectMeta(new("default", name), ObjectMeta.None, pairs, age is { } year ? new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) : null);
        return new(meta, [new("http", 80) { NodePort = nodePort }], clusterIP, type);
    }

    public static ServiceModel Model(ServiceObject service, string backends)
    {
        var parsed = Backends(backends);
        ImmutableArray<ServicePortModel> Ports(string protocol) => [.. service.Ports.Where(port => port.Protocol == protocol).Select(port => new ServicePortModel(port, parsed))];
        return ServiceModel.Read(service, (_, reason, _) => Assert.Fail(reason)) with { Ports = Ports("TCP"), UdpPorts = Ports("UDP") };
    }

    public static NodeView View(string backends, string gone = "", ThisNode? node = null) =>
        new(node ?? Node, BackendPlaces.Of(Remotes(backends), BackendPlaces.None), UnreachableNodes.Of(Reachability(backends, gone), "w", UnreachableNodes.None));

    public static KernelService Compile(ServiceObject service, string backends, string gone = "", KernelService? before = null) =>
        KernelServices.Compile(Model(service, backends), View(backends, gone), before);

    /// <summary>"10.1.0.1*1 10.2.0.1*3, draining 10.1.0.2"; "nobody".</summary>
    public static string Text(FrontendModel model)
    {
        var backends = model.Backends.IsEmpty ? "nobody" : string.Join(' ', model.Backends.Select(share => $"{share.Backend.Address}*{share.Weight}"));
        return model.Draining.IsEmpty ? backends : $"{backends}, draining {string.Join(' ', model.Draining.Select(backend => backend.Address))}";
    }

    public static IReadOnlyCollection<RemoteObjects> Remotes(string backends) =>
    [
        .. Places(backends).Where(place => place.Cluster != "w").GroupBy(place => place.Cluster).Select(cluster => new RemoteObjects(cluster.Key, RemoteStatus.Configured(default))
        {
            Ips = cluster.ToImmutableDictionary(place => place.Address, place => new IpRecord { IP = place.Address, HostIP = HostOf(place.Node), K8sPodName = $"pod-{place.Address}" }),
            Nodes = cluster.Select(place => place.Node).Distinct().ToImmutableDictionary(node => node, node => new NodeRecord { Name = node, IPAddresses = [new("InternalIP", HostOf(node))] }),
        }),
    ];

    /// <summary>All nodes that the backends are on, and of them those that are gone.</summary>
    public static NodeReachability Reachability(string backends, string gone = "") => new(
        Places(backends).Select(place => $"{place.Cluster}/{place.Node}").Append("w/n1").Distinct().ToImmutableDictionary(
            name => name, name => new NodeHealthStatus(gone.Split(' ').Contains(name) ? "unreachable" : name == "w/n1" ? "local" : "reachable", null, default, null), StringComparer.Ordinal));

    private static string HostOf(string node) => $"172.18.1.{node[1..]}";

    private static ImmutableArray<Backend> Backends(string text) =>
    [
        .. Places(text).Select(place => new Backend(
                place.Cluster, place.Address, 8080, place.State switch { 'T' => BackendState.Terminating, 'N' => BackendState.NotReady, _ => BackendState.Active },
                Node: place.Cluster == "w" ? place.Node : null))
            .OrderBy(backend => backend.Cluster, StringComparer.Ordinal).ThenBy(backend => backend.Authority, StringComparer.Ordinal),
    ];

    private static IEnumerable<(string Cluster, string Node, string Address, char State)> Places(string text) =>
        from part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let slash = part.IndexOf('/')
        let colon = part.IndexOf(':')
        select (part[..slash], part[(slash + 1)..colon], part[(colon + 1)..].TrimEnd('T', 'N'), part[^1]);
}
