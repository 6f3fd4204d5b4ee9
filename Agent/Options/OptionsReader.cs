using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Agent.Options;

/// <summary>From what was set to the agent's options.</summary>
internal sealed class OptionsReader(FlagReader flags)
{
    /// <summary>Null = something is wrong, see the reader's errors.</summary>
    public AgentOptions? Read()
    {
        var options = new AgentOptions
        {
            Cluster = flags.ClusterName(AgentFlags.Cluster),
            ClusterId = ClusterId(),
            Node = flags.Text(AgentFlags.Node) ?? Environment.MachineName,
            NodeIps = NodeIps(),
            Manifests = flags.Directory(AgentFlags.Manifests),
            Etcd = Etcd(),
            Remotes = flags.IsSet(AgentFlags.Remotes) ? flags.Directory(AgentFlags.Remotes) : null,
            RemoteCache = flags.OnOff(AgentFlags.RemoteCache, true) && flags.IsSet(AgentFlags.Etcd),
            RemoteTtl = flags.Time(AgentFlags.RemoteTtl, TimeSpan.Zero, TimeSpan.FromDays(7)),
            SyncTimeout = flags.Time(AgentFlags.SyncTimeout, TimeSpan.FromMinutes(1)),
            Socket = flags.Text(AgentFlags.Socket) is { } socket ? Path.GetFullPath(socket) : null,
            SocketMode = SocketMode(),
            ProxyGroup = flags.Number(AgentFlags.ProxyGroup, 0, 0, int.MaxValue) is > 0 and var group ? (uint)group : null,
            ProxyAdmin = flags.Text(AgentFlags.ProxyAdmin) is { } proxy ? Path.GetFullPath(proxy) : null,
            Admin = flags.EndPoint(AgentFlags.Admin, new(IPAddress.Loopback, 9902)),
            LeaseTtl = Between(AgentFlags.LeaseTtl, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(5), TimeSpan.FromHours(24)),
            ElectionTtl = Between(AgentFlags.ElectionTtl, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5)),
            Heartbeat = Between(AgentFlags.Heartbeat, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            DefaultGlobalNamespace = flags.OnOff(AgentFlags.DefaultGlobalNamespace, true),
            Qps = flags.Number(AgentFlags.Qps, 20, 1, 100_000),
            Otlp = flags.Url(AgentFlags.Otlp),
            Api = flags.Text(AgentFlags.Api) is { } api ? Path.GetFullPath(api) : null,
        };
        options = options with { Datapath = new DatapathReader(flags).Read(options) };
        return flags.Errors.Count == 0 ? options : null;
    }

    private int ClusterId()
    {
        if (!flags.IsSet(AgentFlags.ClusterId)) flags.Refuse($"--{AgentFlags.ClusterId.Name}: is needed");
        return flags.Number(AgentFlags.ClusterId, 1, NumericIdentity.MinClusterId, NumericIdentity.MaxClusterId);
    }

    private ImmutableArray<IPAddress> NodeIps()
    {
        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (var text in flags.Texts(AgentFlags.NodeIp))
        {
            if (IPAddress.TryParse(text, out var address)) addresses.Add(address);
            else flags.Refuse($"--{AgentFlags.NodeIp.Name}: \"{text}\" is not an address");
        }

        return addresses.ToImmutable();
    }

    private string? Etcd()
    {
        if (flags.Text(AgentFlags.Etcd) is not { } path) return null;
        if (!File.Exists(path)) flags.Refuse($"--{AgentFlags.Etcd.Name}: {path} is not a file");
        return path;
    }

    private TimeSpan Between(Flag flag, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        var time = flags.Time(flag, otherwise, most);
        if (time < least) flags.Refuse($"--{flag.Name}: {time.TotalSeconds:0} s is less than {least.TotalSeconds:0} s");
        return time;
    }

    private UnixFileMode SocketMode()
    {
        if (flags.Text(AgentFlags.SocketMode) is not { } text) return UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (text.Length is 3 or 4 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) is <= 0x1ff and var mode) return (UnixFileMode)mode;
        flags.Refuse($"--{AgentFlags.SocketMode.Name}: \"{text}\" is not a mode like 660");
        return default;
    }
}
