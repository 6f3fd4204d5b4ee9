using ClusterMesh.Proxy.Hosting;
using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Bpf.Pinning;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Objects;
using Flags = ClusterMesh.Ingress.Options.IngressFlags;

namespace ClusterMesh.Ingress.Options;

/// <summary>From what was set to the gateway's options.</summary>
internal sealed class OptionsReader(FlagReader flags)
{
    /// <summary>Null = something is wrong, see the reader's errors.</summary>
    public IngressOptions? Read()
    {
        var http = flags.EndPoints(Flags.Http);
        var https = flags.EndPoints(Flags.Https);
        if (!flags.IsSet(Flags.Http) && !flags.IsSet(Flags.Https)) flags.Refuse("--http or --https: at least one listener is needed");
        var options = new IngressOptions
        {
            Cluster = flags.ClusterName(Flags.Cluster),
            Source = Source(),
            Mesh = Mesh(),
            Listen = new()
            {
                Http = http,
                Https = https,
                Inline = flags.OnOff(Flags.Inline, true),
                MaxConnections = flags.Number(Flags.MaxConnections, 50_000, 1, 10_000_000),
                MaxRequestHeaderBytes = flags.Number(Flags.MaxRequestHeaders, 65_536, 1024, 1 << 24),
            },
            Edge = new() { TrustedProxies = flags.Networks(Flags.TrustedProxy), HttpsPort = https.IsEmpty ? null : https[0].Port },
            Ingress = Ingress(),
            Admin = flags.EndPoint(Flags.Admin, new(IPAddress.Loopback, 9901)),
            AccessLog = flags.Text(Flags.AccessLog) ?? "-",
            Otlp = flags.Url(Flags.Otlp),
            TraceSample = flags.Share(Flags.TraceSample, 1),
            WarmUp = flags.Time(Flags.WarmUp, TimeSpan.FromSeconds(2)),
            DrainDelay = flags.Time(Flags.DrainDelay, TimeSpan.FromSeconds(5)),
            DrainTimeout = flags.Time(Flags.DrainTimeout, TimeSpan.FromSeconds(30)),
        };
        return flags.Errors.Count == 0 ? options : null;
    }

    private SourceOptions Source()
    {
        if (flags.Text(Flags.Agent) is not { } socket) return new DirectoryOptions(flags.Directory(Flags.Manifests), Peers());
        if (flags.IsSet(Flags.Manifests) || flags.IsSet(Flags.Peer)) flags.Refuse($"--{Flags.Agent.Name}: the agent reads the manifests and the other clusters; --manifests and --peer are for a gateway without one");
        return new AgentOptions(Path.GetFullPath(socket), flags.IsSet(Flags.State) ? flags.Directory(Flags.State) : null);
    }

    private MeshOptions? Mesh()
    {
        if (!flags.OnOff(Flags.Mesh, false)) return null;
        if (!flags.IsSet(Flags.Agent)) flags.Refuse($"--{Flags.Mesh.Name}: needs --{Flags.Agent.Name}: policies come from there");
        return new(BpfFileSystem.NodeDirectory(flags.Text(Flags.BpfRoot), flags.Text(Flags.Cluster) ?? "", flags.Text(Flags.Node) ?? Environment.MachineName));
    }

    private IngressSettings Ingress()
    {
        var settings = new IngressSettings();
        var prefix = (flags.Text(Flags.AnnotationPrefix) ?? "nginx.ingress.kubernetes.io").TrimEnd('/') + "/";
        return settings with
        {
            ClassName = flags.Text(Flags.IngressClass) ?? settings.ClassName,
            ControllerName = flags.Text(Flags.Controller) ?? settings.ControllerName,
            AnnotationPrefixes = ["clustermesh.io/", prefix],
            DefaultTlsSecret = DefaultSecret(),
        };
    }

    private ImmutableArray<KeyValuePair<string, string>> Peers()
    {
        var peers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var text in flags.Texts(Flags.Peer))
        {
            var equals = text.IndexOf('=');
            if (equals < 1)
            {
                flags.Refuse($"--{Flags.Peer.Name}: \"{text}\" is not NAME=DIR");
                continue;
            }

            var name = flags.ClusterName(Flags.Peer, text[..equals]);
            if (name == flags.Text(Flags.Cluster) || peers.Any(peer => peer.Key == name)) flags.Refuse($"--{Flags.Peer.Name}: cluster \"{name}\" is named twice");
            peers.Add(new(name, flags.Directory(Flags.Peer, text[(equals + 1)..])));
        }

        return peers.ToImmutable();
    }

    private ObjectKey? DefaultSecret()
    {
        if (flags.Text(Flags.DefaultTlsSecret) is not { } text) return null;
        var parts = text.Split('/');
        if (parts.Length == 2 && parts.All(part => part.Length > 0)) return new(parts[0], parts[1]);
        flags.Refuse($"--{Flags.DefaultTlsSecret.Name}: \"{text}\" is not NS/NAME");
        return null;
    }
}
