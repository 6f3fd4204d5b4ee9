using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf.Pinning;
using ClusterMesh.Mesh.Hosting;

namespace ClusterMesh.Agent.Options;

/// <summary>The flags that are about the data path. They are checked whether it is on or not.</summary>
internal sealed class DatapathReader(FlagReader flags)
{
    // IFNAMSIZ, less its end.
    private const int LongestInterfaceName = 15;

    /// <summary>Null = it is off, or an error was told to the reader.</summary>
    public DatapathOptions? Read(AgentOptions agent)
    {
        // Becomes a part of a path.
        var node = $"{agent.Cluster}-{agent.Node.Replace('/', '_')}";
        var options = new DatapathOptions(
            BpfFileSystem.NodeDirectory(flags.Text(AgentFlags.BpfRoot), agent.Cluster, agent.Node),
            Path.GetFullPath(flags.Text(AgentFlags.State) ?? $"/var/lib/clustermesh/{node}"))
        {
            Device = Device(),
            Routing = OneOf(AgentFlags.Routing, ("tunnel", RoutingMode.Tunnel), ("direct", RoutingMode.Direct), ("hybrid", RoutingMode.Hybrid)),
            PodCidr = PodCidr(),
            ServiceCidrs = [.. Ipv4(AgentFlags.ServiceCidr)],
            Masquerade = flags.OnOff(AgentFlags.Masquerade, true),
            ProbePort = flags.Number(AgentFlags.ProbePort, 4240, 0, ushort.MaxValue),
            ProbeInterval = ProbeInterval(),
        };
        if (!OneOf(AgentFlags.Datapath, ("none", false), ("ebpf", true))) return null;
        if (agent.Etcd is null) flags.Refuse($"--{AgentFlags.Datapath.Name}: ebpf needs --{AgentFlags.Etcd.Name}: identities get their numbers there");
        return options;
    }

    private TimeSpan ProbeInterval()
    {
        var (least, most) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        var interval = flags.Time(AgentFlags.ProbeInterval, TimeSpan.FromMilliseconds(500), most);
        if (interval < least) flags.Refuse($"--{AgentFlags.ProbeInterval.Name}: {interval.TotalMilliseconds:0} ms is less than {least.TotalMilliseconds:0} ms");
        return interval;
    }

    private string? Device()
    {
        if (flags.Text(AgentFlags.Device) is not { } name) return null;
        if (name.Length is 0 or > LongestInterfaceName || name.Any(c => char.IsWhiteSpace(c) || c is '/' or '"'))
            flags.Refuse($"--{AgentFlags.Device.Name}: \"{name}\" is not a name of an interface");
        return name;
    }

    private IPNetwork? PodCidr()
    {
        foreach (var cidr in Ipv4(AgentFlags.PodCidr))
        {
            // Room for the node's own address and a pod.
            if (cidr.PrefixLength is >= 8 and <= 29) return cidr;
            flags.Refuse($"--{AgentFlags.PodCidr.Name}: {cidr} is not a range for the pods of one node: /8 to /29");
        }

        return null;
    }

    private IEnumerable<IPNetwork> Ipv4(Flag flag)
    {
        foreach (var cidr in flags.Networks(flag))
        {
            if (cidr.BaseAddress.AddressFamily == AddressFamily.InterNetwork) yield return cidr;
            else flags.Refuse($"--{flag.Name}: {cidr} is not IPv4, all that the data path speaks so far");
        }
    }

    private T OneOf<T>(Flag flag, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var text = flags.Text(flag) ?? choices[0].Name;
        var names = new List<string>();
        foreach (var (name, value) in choices)
        {
            if (name == text) return value;
            names.Add(name);
        }

        flags.Refuse($"--{flag.Name}: \"{text}\" is not known; there are {string.Join(", ", names)}");
        return choices[0].Value;
    }
}
