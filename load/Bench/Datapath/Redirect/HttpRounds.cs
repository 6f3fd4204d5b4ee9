using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;
using ClusterMesh.Load.Bench;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>
/// Several sides that took turns under wrk: what each served, and what the whole way cost. The proxies share one core, client and backend
/// another. Throughput is the proxy's limit where nobody else wants its core; CPU time holds on a busy machine, too.
/// </summary>
/// <param name="Rates">Requests/s.</param>
/// <param name="PerCpu">Requests for a second of CPU time of proxy, backend and client together, with what the kernel does for them.</param>
internal sealed record HttpRounds(Rounds Rates, Rounds PerCpu)
{
    private const int Connections = 16;

    public static HttpRounds Run(Netns client, NetnsProcess backend, IReadOnlyList<HttpSide> sides, HttpSize size)
    {
        foreach (var side in sides) Measure(client, backend, side, size.WarmUp);
        var (rates, perCpu) = (Empty(), Empty());
        for (var round = 0; round < size.Rounds; round++)
        {
            for (var turn = 0; turn < sides.Count; turn++)
            {
                var side = sides[(turn + round) % sides.Count];
                (rates[side.Name][round], perCpu[side.Name][round]) = Measure(client, backend, side, size.Slice);
            }
        }

        return new(new(rates), new(perCpu));

        Dictionary<string, double[]> Empty() => sides.ToDictionary(side => side.Name, _ => new double[size.Rounds]);
    }

    private static (double Rate, double PerCpu) Measure(Netns client, NetnsProcess backend, HttpSide side, TimeSpan time)
    {
        // On a busy machine all may stand still for a while; who waits long enough has no error.
        string[] close = side.Closing ? ["-H", "Connection: close"] : [];
        var (before, proxy) = (Cpu(), side.Proxy.Cpu);
        using var wrk = new NetnsProcess(client, Core.OfTraffic, ["wrk", "-t1", $"-c{Connections}", $"-d{time.TotalSeconds:0}s", "--timeout", "20s", "-H", "Host: web.bench", .. close, $"http://{side.Target}/"]);
        var output = WrkOutput.Parse(wrk.Finish(time + TimeSpan.FromSeconds(30)));
        if (output.Errors > 0) throw new InvalidOperationException($"{side.Name}: errors under load; its figures would mean nothing: {wrk.Said}{side.Proxy.Said}");
        // The kernel balances where no proxy takes connections, and that is fast.
        if ((side.Proxy.Cpu - proxy).TotalMicroseconds < output.Requests) throw new InvalidOperationException($"{side.Name}: its requests did not come by the proxy: {side.Proxy.Said}");
        return (output.RequestsPerSecond, output.Requests / (Cpu() - before).TotalSeconds);

        TimeSpan Cpu() => side.Proxy.Cpu + backend.Cpu + CpuClock.OfEndedChildren() + CpuClock.OfSoftIrqs(Core.OfTraffic) + CpuClock.OfSoftIrqs(Core.OfProxies);
    }
}
