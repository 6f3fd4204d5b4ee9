using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Listen;

namespace ClusterMesh.Ingress.Options;

/// <summary>Checks the settings and tells every error at once, each by the flag's name.</summary>
internal sealed partial class OptionsReader(FlagValues values)
{
    private readonly List<string> _errors = [.. values.Errors];

    public (IngressOptions? Options, IReadOnlyList<string> Errors) Read()
    {
        var http = EndPoints(Flag.Http);
        var https = EndPoints(Flag.Https);
        if (values.Many(Flag.Http).Count + values.Many(Flag.Https).Count == 0) _errors.Add("--http or --https: at least one listener is needed");
        var options = new IngressOptions
        {
            Cluster = ClusterName(Flag.Cluster, values.One(Flag.Cluster)),
            Manifests = Directory(Flag.Manifests, values.One(Flag.Manifests)),
            Peers = Peers(),
            Listen = new()
            {
                Http = http,
                Https = https,
                Inline = OnOff(Flag.Inline, true),
                MaxConnections = Number(Flag.MaxConnections, 50_000, 1, 10_000_000),
                MaxRequestHeaderBytes = Number(Flag.MaxRequestHeaders, 65_536, 1024, 1 << 24),
            },
            Edge = new() { TrustedProxies = Networks(), HttpsPort = https.IsEmpty ? null : https[0].Port },
            Ingress = Ingress(),
            Admin = EndPoint(Flag.Admin, values.One(Flag.Admin) ?? "127.0.0.1:9901") ?? new(IPAddress.Loopback, 0),
            AccessLog = values.One(Flag.AccessLog) ?? "-",
            Otlp = Url(),
            TraceSample = Share(),
            WarmUp = Time(Flag.WarmUp, 2),
            DrainDelay = Time(Flag.DrainDelay, 5),
            DrainTimeout = Time(Flag.DrainTimeout, 30),
        };
        return _errors.Count == 0 ? (options, []) : (null, _errors);
    }

    private IngressSettings Ingress()
    {
        var settings = new IngressSettings();
        var prefix = (values.One(Flag.AnnotationPrefix) ?? "nginx.ingress.kubernetes.io").TrimEnd('/') + "/";
        return settings with
        {
            ClassName = values.One(Flag.IngressClass) ?? settings.ClassName,
            ControllerName = values.One(Flag.Controller) ?? settings.ControllerName,
            AnnotationPrefixes = ["clustermesh.io/", prefix],
            DefaultTlsSecret = DefaultSecret(),
        };
    }

    private ImmutableArray<KeyValuePair<string, string>> Peers()
    {
        var peers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var text in values.Many(Flag.Peer))
        {
            var equals = text.IndexOf('=');
            if (equals < 1)
            {
                _errors.Add($"--{Flag.Peer.Name}: \"{text}\" is not NAME=DIR");
                continue;
            }

            var name = ClusterName(Flag.Peer, text[..equals]);
            if (name == values.One(Flag.Cluster) || peers.Any(peer => peer.Key == name)) _errors.Add($"--{Flag.Peer.Name}: cluster \"{name}\" is named twice");
            peers.Add(new(name, Directory(Flag.Peer, text[(equals + 1)..])));
        }

        return peers.ToImmutable();
    }

    // cilium.md 1.1
    private string ClusterName(Flag flag, string? name)
    {
        if (name is null) _errors.Add($"--{flag.Name}: is needed");
        else if (name.Length > 32 || !ClusterNamePattern().IsMatch(name)) _errors.Add($"--{flag.Name}: \"{name}\" is not a cluster name (1 to 32 of a-z, 0-9, '-', not at the ends)");
        return name ?? "";
    }

    private string Directory(Flag flag, string? path)
    {
        if (path is null) _errors.Add($"--{flag.Name}: is needed");
        else if (!System.IO.Directory.Exists(path)) _errors.Add($"--{flag.Name}: {path} is not a directory");
        return path ?? "";
    }

    private ImmutableArray<IPEndPoint> EndPoints(Flag flag) => [.. values.Many(flag).Select(text => EndPoint(flag, text)).OfType<IPEndPoint>()];

    private IPEndPoint? EndPoint(Flag flag, string text)
    {
        if (text.StartsWith(':')) text = "0.0.0.0" + text;
        if (text.StartsWith("localhost:", StringComparison.Ordinal)) text = "127.0.0.1" + text[9..];
        if (text.Contains(':') && IPEndPoint.TryParse(text, out var endPoint) && text.EndsWith($":{endPoint.Port}", StringComparison.Ordinal)) return endPoint;
        _errors.Add($"--{flag.Name}: \"{text}\" is not ADDR:PORT");
        return null;
    }

    private ImmutableArray<IPNetwork> Networks()
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in values.Many(Flag.TrustedProxy))
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else _errors.Add($"--{Flag.TrustedProxy.Name}: \"{text}\" is not an address range like 10.0.0.0/8");
        }

        return networks.ToImmutable();
    }

    private ObjectKey? DefaultSecret()
    {
        if (values.One(Flag.DefaultTlsSecret) is not { } text) return null;
        var parts = text.Split('/');
        if (parts.Length == 2 && parts.All(part => part.Length > 0)) return new(parts[0], parts[1]);
        _errors.Add($"--{Flag.DefaultTlsSecret.Name}: \"{text}\" is not NS/NAME");
        return null;
    }

    private Uri? Url()
    {
        if (values.One(Flag.Otlp) is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        _errors.Add($"--{Flag.Otlp.Name}: \"{text}\" is not an http or https address");
        return null;
    }

    private double Share()
    {
        if (values.One(Flag.TraceSample) is not { } text) return 1;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1) return share;
        _errors.Add($"--{Flag.TraceSample.Name}: \"{text}\" is not a number from 0 to 1");
        return 1;
    }

    private TimeSpan Time(Flag flag, double otherwise)
    {
        if (values.One(flag) is not { } text) return TimeSpan.FromSeconds(otherwise);
        if (Duration.Parse(text) is { } time && time <= TimeSpan.FromHours(1)) return time;
        _errors.Add($"--{flag.Name}: \"{text}\" is not a time like 500ms, 5s or 1m, up to 1h");
        return default;
    }

    private int Number(Flag flag, int otherwise, int least, int most)
    {
        if (values.One(flag) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _errors.Add($"--{flag.Name}: \"{text}\" is not a number from {least} to {most}");
        return otherwise;
    }

    private bool OnOff(Flag flag, bool otherwise)
    {
        switch (values.One(flag))
        {
            case null: return otherwise;
            case "on" or "true": return true;
            case "off" or "false": return false;
            case var text:
                _errors.Add($"--{flag.Name}: \"{text}\" is not on or off");
                return otherwise;
        }
    }

    [GeneratedRegex("^([a-z0-9][-a-z0-9]*)?[a-z0-9]$")]
    private static partial Regex ClusterNamePattern();
}
