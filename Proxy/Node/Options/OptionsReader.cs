using System.Net;
using ClusterMesh.Bpf.Pinning;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy.Hosting;
using Flags = ClusterMesh.Proxy.Node.Options.ProxyFlags;

namespace ClusterMesh.Proxy.Node.Options;

/// <summary>From what was set to the node proxy's options.</summary>
internal sealed class OptionsReader(FlagReader flags)
{
    /// <summary>Null = something is wrong, see the reader's errors.</summary>
    public ProxyOptions? Read()
    {
        var (cluster, node) = (flags.ClusterName(Flags.Cluster), flags.Text(Flags.Node) ?? Environment.MachineName);
        if (!flags.IsSet(Flags.Agent)) flags.Refuse($"--{Flags.Agent.Name}: is needed");
        var pins = BpfFileSystem.NodeDirectory(flags.Text(Flags.BpfRoot), cluster, node);
        var options = new ProxyOptions(cluster, node, new(Path.GetFullPath(flags.Text(Flags.Agent) ?? "."), null), pins, flags.EndPoint(Flags.Admin, new(IPAddress.Loopback, 9903)))
        {
            ClientSource = flags.OnOff(Flags.ClientSource, false),
            AdminSocket = flags.Text(Flags.AdminSocket) is { } path ? Path.GetFullPath(path) : null,
            Listen = new()
            {
                Inline = flags.OnOff(Flags.Inline, true),
                MaxConnections = flags.Number(Flags.MaxConnections, 50_000, 1, 10_000_000),
                MaxRequestHeaderBytes = flags.Number(Flags.MaxRequestHeaders, 65_536, 1024, 1 << 24),
            },
            AccessLog = flags.Text(Flags.AccessLog) ?? "off",
            Otlp = flags.Url(Flags.Otlp),
            TraceSample = flags.Share(Flags.TraceSample, 1),
            WarmUp = flags.Time(Flags.WarmUp, TimeSpan.FromSeconds(2)),
            DrainTimeout = flags.Time(Flags.DrainTimeout, TimeSpan.FromSeconds(30)),
        };
        return flags.Errors.Count == 0 ? options : null;
    }
}
