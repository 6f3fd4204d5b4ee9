using System.Net;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.Bpf.Pinning;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>
/// Further addresses of a pod, each of which is a pod of its own to the kernel's programs and the proxy: an entry among the node's endpoints
/// with an identity of its own, and the node's way to it. A thousand namespaces would say the same, and cost more than all else.
/// </summary>
internal sealed class MoreAddresses : IDisposable
{
    private readonly string _pins;
    private readonly List<(IPAddress Address, uint Identity)> _all = [];
    private readonly Address _pod;

    public MoreAddresses(RunningLab lab, string node, LabPodState pod)
    {
        _pins = BpfFileSystem.NodeDirectory(new LabPaths(lab.State.Name).Pins, pod.Cluster, node);
        _pod = new(IPAddress.Parse(pod.Address));
    }

    public IReadOnlyList<(IPAddress Address, uint Identity)> All => _all;

    /// <param name="first">Of addresses in a row that nobody has.</param>
    public async Task AddAsync(NetworkNamespace node, NetworkNamespace pod, IPAddress first, IEnumerable<uint> identities)
    {
        using var map = Open(_pins, "endpoints");
        var endpoints = new TypedMap<Address, Endpoint>(map);
        if (!endpoints.TryGet(_pod, out var own)) throw new InvalidOperationException($"{_pod} is no endpoint");
        var next = first.GetAddressBytes();
        foreach (var identity in identities)
        {
            _all.Add((new(next), identity));
            endpoints.Update(new(_all[^1].Address), own with { Identity = identity });
            if (++next[3] == 0) next[2]++;
        }

        var link = await LinkAsync(node, own.Ifindex);
        await Tool.IpAsync(pod, [.. _all.Select(one => $"addr add {one.Address}/32 dev eth0")]);
        await Tool.IpAsync(node, [.. _all.SelectMany(one => new[] { $"route add {one.Address}/32 dev {link}", $"neigh replace {one.Address} lladdr {own.Mac} dev {link} nud permanent" })]);
    }

    /// <summary>Who the node's programs take the sender of each connection to that pod for, by the sender's end.</summary>
    public static Dictionary<IPEndPoint, uint> CallersOf(RunningLab lab, string cluster, string node, IPEndPoint backend)
    {
        using var map = Open(BpfFileSystem.NodeDirectory(new LabPaths(lab.State.Name).Pins, cluster, node), "connections");
        var to = new Address(backend.Address);
        return new TypedMap<ConnectionKey, Connection>(map).Read()
            .Where(pair => pair.Key.Scope == Scope.Ingress && pair.Key.Destination == to && pair.Key.DestinationPort.Value == backend.Port)
            .ToDictionary(pair => new IPEndPoint(pair.Key.Source.ToIPAddress(), pair.Key.SourcePort.Value), pair => pair.Value.PeerIdentity);
    }

    /// <summary>They are nobody's again; the interface and its routes go with the pod.</summary>
    public void Dispose()
    {
        using var map = Open(_pins, "endpoints");
        var endpoints = new TypedMap<Address, Endpoint>(map);
        foreach (var (address, _) in _all) endpoints.Delete(new(address));
    }

    private static async Task<string> LinkAsync(NetworkNamespace node, uint index)
    {
        var launch = node.Around(new("ip", ["-o", "link", "show"]));
        var outcome = await Tool.RunAsync(launch.File, launch.First);
        var line = outcome.Output.Split('\n').Single(line => line.StartsWith(FormattableString.Invariant($"{index}: "), StringComparison.Ordinal));
        return line.Split(' ')[1].Split('@')[0].TrimEnd(':');
    }

    private static BpfMap Open(string pins, string map) => BpfMap.OpenPinned(map, Path.Combine(PinDirectory.MapsOf(pins), map)) ?? throw new InvalidOperationException($"no map {map} in {pins}");
}
