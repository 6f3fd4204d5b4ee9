using System.Net;
using ClusterMesh.Bpf.Services;

namespace ClusterMesh.Bpf.Tests;

/// <summary>Frontends and backends from text.</summary>
internal static class Shares
{
    public static Frontend Frontend(string end, byte protocol = Frames.Tcp)
    {
        var at = IPEndPoint.Parse(end);
        return new(at.Address, (ushort)at.Port, protocol);
    }

    /// <summary>"address:port", "address:port=weight" or "address:port draining".</summary>
    public static FrontendModel Model(params string[] backends) => new(
        [.. backends.Where(backend => !backend.EndsWith(" draining", StringComparison.Ordinal)).Select(Share)],
        [.. backends.Where(backend => backend.EndsWith(" draining", StringComparison.Ordinal)).Select(backend => Backend(backend.Split(' ')[0]))]);

    public static BackendAddress Backend(string end)
    {
        var at = IPEndPoint.Parse(end);
        return new(at.Address, (ushort)at.Port);
    }

    private static BackendShare Share(string text)
    {
        var parts = text.Split('=');
        return new(Backend(parts[0]), parts.Length > 1 ? long.Parse(parts[1]) : 1);
    }
}
