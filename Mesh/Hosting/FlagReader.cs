using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>Checks settings one by one and keeps every error, each by its flag's name, so that all are told at once.</summary>
public sealed class FlagReader(FlagValues values)
{
    private readonly List<string> _errors = [.. values.Errors];

    public IReadOnlyList<string> Errors => _errors;

    public void Refuse(string error) => _errors.Add(error);

    public bool IsSet(Flag flag) => values.Many(flag).Count > 0;

    public string? Text(Flag flag) => values.One(flag);

    public IReadOnlyList<string> Texts(Flag flag) => values.Many(flag);

    public string ClusterName(Flag flag) => ClusterName(flag, values.One(flag));

    // cilium.md 1.1
    public string ClusterName(Flag flag, string? name)
    {
        if (name is null) _errors.Add($"--{flag.Name}: is needed");
        else if (Clusters.ClusterName.Refusal(name) is { } refusal) _errors.Add($"--{flag.Name}: \"{name}\": {refusal}");
        return name ?? "";
    }

    public string Directory(Flag flag) => Directory(flag, values.One(flag));

    public string Directory(Flag flag, string? path)
    {
        if (path is null) _errors.Add($"--{flag.Name}: is needed");
        else if (!System.IO.Directory.Exists(path)) _errors.Add($"--{flag.Name}: {path} is not a directory");
        return path ?? "";
    }

    public ImmutableArray<IPEndPoint> EndPoints(Flag flag) => [.. values.Many(flag).Select(text => EndPoint(flag, text)).OfType<IPEndPoint>()];

    public IPEndPoint EndPoint(Flag flag, IPEndPoint otherwise) => values.One(flag) is { } text ? EndPoint(flag, text) ?? otherwise : otherwise;

    public ImmutableArray<IPNetwork> Networks(Flag flag)
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in values.Many(flag))
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else _errors.Add($"--{flag.Name}: \"{text}\" is not an address range like 10.0.0.0/8");
        }

        return networks.ToImmutable();
    }

    public Uri? Url(Flag flag)
    {
        if (values.One(flag) is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        _errors.Add($"--{flag.Name}: \"{text}\" is not an http or https address");
        return null;
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Share(Flag flag, double otherwise)
    {
        if (values.One(flag) is not { } text) return otherwise;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1) return share;
        _errors.Add($"--{flag.Name}: \"{text}\" is not a number from 0 to 1");
        return otherwise;
    }

    public TimeSpan Time(Flag flag, TimeSpan otherwise, TimeSpan? most = null)
    {
        if (values.One(flag) is not { } text) return otherwise;
        var limit = most ?? TimeSpan.FromHours(1);
        if (Duration.Parse(text) is { } time && time <= limit) return time;
        _errors.Add($"--{flag.Name}: \"{text}\" is not a time like 500ms, 5s or 1m, up to {limit.TotalHours:0}h");
        return otherwise;
    }

    public int Number(Flag flag, int otherwise, int least, int most)
    {
        if (values.One(flag) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _errors.Add($"--{flag.Name}: \"{text}\" is not a number from {least} to {most}");
        return otherwise;
    }

    public bool OnOff(Flag flag, bool otherwise)
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

    private IPEndPoint? EndPoint(Flag flag, string text)
    {
        if (text.StartsWith(':')) text = "0.0.0.0" + text;
        if (text.StartsWith("localhost:", StringComparison.Ordinal)) text = "127.0.0.1" + text[9..];
        if (text.Contains(':') && IPEndPoint.TryParse(text, out var endPoint) && text.EndsWith($":{endPoint.Port}", StringComparison.Ordinal)) return endPoint;
        _errors.Add($"--{flag.Name}: \"{text}\" is not ADDR:PORT");
        return null;
    }
}
