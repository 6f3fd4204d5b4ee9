using System.Net;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Bpf.Tests.Lab;

/// <summary>A node: a namespace with an underlay, a VXLAN interface and pods, and what an agent would do for its data path.</summary>
internal sealed class LabNode : IDisposable
{
    private readonly bool _clsact;
    private uint _revision;

    public LabNode(int number, bool clsact)
    {
        (Number, _clsact) = (number, clsact);
        Netns = new($"n{number}-");
        Pins = $"{Bpf.Tests.Netns.PinRoot}/{Netns.Name}";
    }

    public int Number { get; }

    public Netns Netns { get; }

    public string Pins { get; }

    public List<LabPod> Pods { get; } = [];

    public string Underlay => $"192.168.50.{Number}";

    public string Inner => $"10.{Number}.0.1";

    /// <summary>The node's number is its cluster's too.</summary>
    public uint Cluster => (uint)Number;

    /// <summary>Of the agent that runs now.</summary>
    public Datapath Datapath { get; private set; } = null!;

    /// <summary>After the underlay is there.</summary>
    public void Start()
    {
        Netns.Run("link add vx0 type vxlan external dstport 8472 nolearning", "link set vx0 arp off up", $"addr add {Inner}/32 dev vx0");
        foreach (var (path, value) in HostNetwork.Sysctls("vx0")) Netns.Sysctl(path, value);
        Netns.Run($"route add 10.96.0.0/16 dev vx0 src {Inner}", HostNetwork.ProxyRoute, $"rule add {HostNetwork.ProxyRule}");
        Netns.Nft(HostNetwork.Ruleset(IPNetwork.Parse($"10.{Number}.0.0/24"), [IPNetwork.Parse("10.1.0.0/24"), IPNetwork.Parse("10.2.0.0/24")], "lxc", "vx0"));
        Load();
        Peer($"{Inner}/32", 1);
        Peer($"{Underlay}/32", 1);
    }

    /// <summary>Interfaces that services are offered at.</summary>
    public List<string> Networks { get; } = [];

    public void Service(string frontend, byte protocol, params string[] backends) =>
        Datapath.Services.Set(Shares.Frontend(frontend, protocol), Shares.Model(backends) with { External = !frontend.StartsWith("10.96.", StringComparison.Ordinal) });

    public void Offer(string network)
    {
        Networks.Add(network);
        AttachAll();
    }

    /// <summary>As after the end of the agent: the old one is let go first, and its pins are all that is left.</summary>
    public void RestartAgent()
    {
        Datapath.Dispose();
        Load();
    }

    public LabPod AddPod(EndpointFlags flags = 0)
    {
        var id = (ushort)(Pods.Count + 11);
        var pod = new LabPod($"10.{Number}.0.{id}", id, Cluster << 16 | (256u + id), new($"p{Number}-"));
        Pods.Add(pod);
        var (mac, gateway) = (Programs.MacOf(id, 1), Programs.MacOf(id, 2));
        Netns.Run($"link add {pod.NodeInterface} address {gateway} type veth peer name eth0 address {mac} netns {pod.Netns.Name}", $"link set {pod.NodeInterface} mtu 1450 up");
        pod.Netns.Run(
            "link set eth0 mtu 1450 up", $"addr add {pod.Ip}/32 dev eth0", "route add 169.254.1.1 dev eth0 scope link", "route add default via 169.254.1.1",
            $"neigh add 169.254.1.1 lladdr {gateway} dev eth0 nud permanent");
        Netns.Run($"route add {pod.Ip}/32 dev {pod.NodeInterface} src {Inner}", $"neigh add {pod.Ip} lladdr {mac} dev {pod.NodeInterface} nud permanent");
        Datapath.Endpoints.Update(Programs.Addr(pod.Ip), new()
        {
            Id = id, Identity = pod.Identity, Ifindex = (uint)Netns.Ifindex(pod.NodeInterface), Flags = flags, Mac = mac, GatewayMac = gateway, PolicyRevision = ++_revision,
        });
        AttachAll();
        return pod;
    }

    public void Peer(string cidr, uint identity, LabNode? through = null) =>
        Datapath.Ipcache.Update(new(IPNetwork.Parse(cidr)), new() { Identity = identity, Tunnel = through is null ? default : Programs.Addr(through.Underlay) });

    public void Policy(LabPod pod, EndpointFlags flags, params (PolicyKey, PolicyEntry)[] entries)
    {
        Assert.True(Datapath.Endpoints.TryGet(Programs.Addr(pod.Ip), out var endpoint));
        Datapath.Policies.Replace(pod.Id, [.. entries.Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))]);
        Datapath.Endpoints.Update(Programs.Addr(pod.Ip), endpoint with { Flags = flags, PolicyRevision = ++_revision });
    }

    public void Dispose()
    {
        Datapath?.Dispose();
        if (Directory.Exists(Pins)) Directory.Delete(Pins, recursive: true);
        Pods.ForEach(pod => pod.Dispose());
        Netns.Dispose();
    }

    private void Load()
    {
        var settings = new Settings { OverlayIfindex = (uint)Netns.Ifindex("vx0") };
        Datapath = Datapath.Load(new() { PinDirectory = Pins, PreferClsact = _clsact, Settings = settings }, NullLogger.Instance);
        AttachAll();
    }

    private void AttachAll() => Netns.In(() =>
    {
        Datapath.AttachLookup();
        Datapath.Attach(Hook.FromOverlay, Netns.Ifindex("vx0"));
        Datapath.Attach(Hook.ToOverlay, Netns.Ifindex("vx0"));
        foreach (var ifindex in Networks.Select(Netns.Ifindex))
        {
            Datapath.Attach(Hook.FromNetwork, ifindex);
            Datapath.Attach(Hook.ToNetwork, ifindex);
        }

        foreach (var ifindex in Pods.Select(pod => Netns.Ifindex(pod.NodeInterface)))
        {
            Datapath.Attach(Hook.FromContainer, ifindex);
            Datapath.Attach(Hook.ToContainer, ifindex);
        }

        return 0;
    });
}
