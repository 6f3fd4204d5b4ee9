using System.Globalization;
using System.Net;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>One line of "reach": "client -> tcp svc/echo:80 | ok".</summary>
/// <param name="Kind">tcp, udp, icmp, udp-9000, or ping-df with a size.</param>
/// <param name="Target">A place, or an address of the wide world.</param>
internal sealed record Attempt(string From, string Kind, int Size, string Target, int Port, string Expected)
{
    public static Attempt Parse(string line)
    {
        var (way, expected) = Two(line, " | ");
        var (from, what) = Two(way, " -> ");
        var (kind, target) = Two(what, " ");
        var size = kind.Contains(':') ? int.Parse(Two(kind, ":").Item2, CultureInfo.InvariantCulture) : kind == "udp-9000" ? 9000 : 56;
        var port = target.Contains(':') ? int.Parse(Two(target, ":").Item2, CultureInfo.InvariantCulture) : 0;
        return new(from, kind.Split(':')[0], size, target.Split(':')[0], port, expected);
    }

    /// <summary>ok; refused: somebody said no; dropped: nobody said anything; too-big: it did not leave.</summary>
    public Task<string> TryAsync(Places places)
    {
        var from = places.Namespace(From);
        var to = new IPEndPoint(places.Address(Target, From), Port);
        return Kind switch
        {
            "tcp" => TcpAttempt.TryAsync(from, to),
            "udp" or "udp-9000" => UdpAttempt.TryAsync(from, to, Size),
            "icmp" => PingAttempt.TryAsync(from, to.Address, Size, whole: false),
            "ping-df" => PingAttempt.TryAsync(from, to.Address, Size, whole: true),
            _ => throw new InvalidOperationException($"{Kind} is no kind of attempt"),
        };
    }

    private static (string, string) Two(string text, string between) =>
        text.Split(between, 2) is [var one, var other] ? (one.Trim(), other.Trim()) : throw new InvalidOperationException($"\"{text}\" has no \"{between}\"");
}
