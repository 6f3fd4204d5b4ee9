using System.Net;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Status;
using Frontend = ClusterMesh.Bpf.Services.Frontend;

namespace ClusterMesh.Agent.Flows;

/// <summary>Who an address with an identity is, and which service a frontend belongs to, in one state of the world. Remembers what it found. One thread.</summary>
internal sealed class FlowNames(FlowWorld world)
{
    // Of what outsiders make up, addresses never end.
    private const int Remembered = 16_384;

    private readonly Dictionary<(Address, uint), FlowPeer> _peers = [];
    private readonly Lazy<Dictionary<string, ObjectKey>> _ownPods = new(() => OwnPods(world));
    private readonly Lazy<Dictionary<string, string>> _nodes = new(() => Nodes(world));
    private readonly Lazy<Dictionary<(string, int, string), ObjectKey>> _frontends = new(() => Frontends(world));

    public FlowWorld World => world;

    public FlowPeer Peer(Address address, int port, uint identity)
    {
        if (!_peers.TryGetValue((address, identity), out var peer))
        {
            if (_peers.Count >= Remembered) _peers.Clear();
            _peers[(address, identity)] = peer = Find(address.ToIPAddress(), identity);
        }

        return peer with { Port = port };
    }

    /// <summary>Without a name where no service is known to have that frontend.</summary>
    public FlowService Service(Frontend frontend, string protocol)
    {
        var service = _frontends.Value.GetValueOrDefault((frontend.Address.ToString(), frontend.Port, protocol));
        return new(service.Namespace ?? "", service.Name ?? "", $"{frontend.Address}:{frontend.Port}");
    }

    private FlowPeer Find(IPAddress address, uint identity)
    {
        var text = address.ToString();
        var pod = Pod(address, text, identity);
        return new(text, 0, identity, pod?.Cluster ?? ClusterOf(identity) ?? _nodes.Value.GetValueOrDefault(text), pod?.Pod.Namespace, pod?.Pod.Name, Labels(identity));
    }

    private (string Cluster, ObjectKey Pod)? Pod(IPAddress address, string text, uint identity)
    {
        if (world.Endpoints.TryGetValue(address, out var endpoint) || _ownPods.Value.TryGetValue(text, out endpoint)) return (world.Cluster, endpoint);
        var cluster = NumericIdentity.ClusterOf(identity);
        // Who has no identity of a cluster is looked for in all of them.
        foreach (var remote in world.Remotes)
            if ((cluster == 0 || cluster == remote.Status.ClusterId) && remote.Ips.TryGetValue(text, out var ip) && ip is { K8sPodName: { Length: > 0 } name })
                return (remote.Cluster, new(ip.K8sNamespace ?? "", name));
        return null;
    }

    private string? ClusterOf(uint identity) => NumericIdentity.ClusterOf(identity) switch
    {
        0 => null,
        var id when id == world.ClusterId => world.Cluster,
        var id => world.Remotes.FirstOrDefault(remote => remote.Status.ClusterId == id)?.Cluster,
    };

    private IReadOnlyList<string> Labels(uint identity)
    {
        if (NumericIdentity.ReservedName(identity) is { } reserved) return [$"reserved:{reserved}"];
        var cluster = NumericIdentity.ClusterOf(identity);
        var labels = cluster == world.ClusterId
            ? world.Identities?.GetValueOrDefault(identity)
            : world.Remotes.FirstOrDefault(remote => remote.Status.ClusterId == cluster)?.Identities.GetValueOrDefault(identity);
        return labels?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    private static Dictionary<string, ObjectKey> OwnPods(FlowWorld world)
    {
        var pods = new Dictionary<string, ObjectKey>(StringComparer.Ordinal);
        foreach (var pod in world.Mesh?.Local.Pods ?? [])
            if (pod is { HostNetwork: false, Ended: false })
                foreach (var ip in pod.Ips) pods.TryAdd(ip, pod.Key);
        return pods;
    }

    /// <summary>Clusters by the addresses of their nodes.</summary>
    private static Dictionary<string, string> Nodes(FlowWorld world)
    {
        var nodes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var address in world.Mesh?.Local.Nodes.SelectMany(node => node.Addresses) ?? []) nodes.TryAdd(address.Address, world.Cluster);
        foreach (var remote in world.Remotes)
            foreach (var address in remote.Nodes.Values.SelectMany(node => node.IPAddresses ?? [])) nodes.TryAdd(address.IP, remote.Cluster);
        return nodes;
    }

    private static Dictionary<(string, int, string), ObjectKey> Frontends(FlowWorld world)
    {
        var frontends = new Dictionary<(string, int, string), ObjectKey>();
        foreach (var service in world.Mesh?.Local.Services.Values ?? [])
            if (service is { ClusterIP: { Length: > 0 } address, Headless: false })
                foreach (var port in service.Ports) frontends.TryAdd((address, port.Port, port.Protocol), service.Key);
        return frontends;
    }
}
