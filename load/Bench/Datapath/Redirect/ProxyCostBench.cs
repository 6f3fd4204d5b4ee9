using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;
using ClusterMesh.Load.Bench;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>What the node's proxy takes of the node: memory without and with routes, and CPU time at fixed rates.</summary>
internal static class ProxyCostBench
{
    /// <summary>vCPU of an Istio waypoint for 1,000 requests/s of 1 KB (istio.io, "Performance and Scalability").</summary>
    private const double WaypointCpu = 0.25;

    private const int Connections = 16;

    public static void Run(BenchSize size)
    {
        Print.Title("what the node's proxy takes");
        // Another machine's, with TLS: beside ours, but no ratio.
        Print.Value("istio-waypoint-cpu-as-published", WaypointCpu, "CPU seconds for 1,000 requests");
        using (var node = new MeshNode("cost", proxied: true))
        {
            var backend = Backends.Start(node);
            var proxy = node.StartProxy();
            Backends.WaitForProxy(node, proxy);
            Print.Value("proxy-memory-idle", Settled(proxy), "MiB");
            // What it spends on compiling itself once is not a request's.
            Load(node, size.Http.Rates.Max(), size.Http.Steady);
            foreach (var rate in size.Http.Rates) ReportCpu(node, proxy, rate, size.Http);
            Print.Value("proxy-memory-after-load", proxy.Memory("VmRSS"), "MiB");
            backend.ThrowIfEnded();
        }

        using var many = new MeshNode("many", proxied: true, size.Services);
        Backends.Start(many);
        var full = many.StartProxy();
        Backends.WaitForProxy(many, full);
        Print.Value($"proxy-memory-{size.Services}-routes", Settled(full), "MiB");
        Print.Value($"proxy-memory-{size.Services}-routes-peak", full.Memory("VmHWM"), "MiB");
    }

    private static void ReportCpu(MeshNode node, NetnsProcess proxy, int rate, HttpSize size)
    {
        Load(node, rate, size.WarmUp);
        var before = proxy.Cpu;
        var figures = Load(node, rate, size.Steady);
        if (figures.Failed > 0)
        {
            Console.WriteLine($"# not measured at {rate}/s: {figures.Failed} requests failed; the figures would mean nothing");
            return;
        }

        var used = (proxy.Cpu - before).TotalSeconds / figures.TotalOk * 1000;
        Print.Value($"proxy-cpu-at-{rate}", used, "CPU seconds for 1,000 requests");
        Print.Value($"p99-at-{rate}", figures.P99 / 1e6, "ms");
    }

    private static Figures Load(MeshNode node, int rate, TimeSpan time)
    {
        using var generator = new NetnsProcess(
            node.Client.Netns, Core.OfTraffic, "dotnet", Path.Combine(AppContext.BaseDirectory, "ClusterMesh.Load.dll"), "run", $"http://{MeshNode.Web}/", "--host", "web.bench",
            "--rate", $"{rate}", "--seconds", $"{time.TotalSeconds:0}", "--connections", $"{Connections}");
        return Figures.Parse(generator.Finish(time + TimeSpan.FromSeconds(30), allowed: 1));
    }

    private static double Settled(NetnsProcess proxy) => Wait.ForSteady(() => proxy.Memory("VmRSS"), () => true, () => proxy.Said);
}
