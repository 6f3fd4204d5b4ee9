namespace ClusterMesh.Load.Bench;

/// <summary>What is compared with what.</summary>
internal static class Ratios
{
    public const string Throughput = "requests/s";
    public const string P99 = "p99-ns";
    public const string CpuPerRequest = "cpu-us/request";

    private static readonly string[] Peers = [Contender.Forwarder, Contender.Yarp, Contender.Nginx, Contender.Haproxy];

    /// <summary>Ours against each peer, and YARP's forwarder against nginx: what that pair says on this machine is the scale to read ours by.</summary>
    public static IReadOnlyList<Ratio> From(IReadOnlyList<Sample> samples)
    {
        Ratio?[] ratios =
        [
            .. Peers.Select(p => Ratio.Of($"{Contender.Ours}-vs-{p}", samples, Throughput, Contender.Ours, p)),
            .. Peers.Select(p => Ratio.Of($"p99-at-{BenchPlan.FixedRate}-{Contender.Ours}-vs-{p}", samples, P99, Contender.Ours, p)),
            .. Peers.Select(p => Ratio.Of($"cpu-per-request-{Contender.Ours}-vs-{p}", samples, CpuPerRequest, Contender.Ours, p)),
            Ratio.Of("forwarder-vs-nginx", samples, Throughput, Contender.Forwarder, Contender.Nginx),
            Ratio.Of("yarp-vs-forwarder", samples, Throughput, Contender.Yarp, Contender.Forwarder),
        ];
        return [.. ratios.OfType<Ratio>()];
    }
}
