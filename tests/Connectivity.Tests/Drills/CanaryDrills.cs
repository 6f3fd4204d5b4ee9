using System.Net;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A canary of 25 % over two clusters, whose version is killed in one of them while requests run: the split stays, and nothing is lost.</summary>
public sealed class CanaryDrills(TunnelledClusters clusters) : IClassFixture<TunnelledClusters>
{
    private const int Half = 800;

    private const string Next = "rebel-next";

    [KernelTheory]
    [InlineData("x-wing", "svc/canary", 80)]
    [InlineData("outside", "node/1", 31480)]
    public async Task VersionKilled_InOneClusterUnderLoad_SplitStaysAndTheOtherClusterServesIt(string from, string to, int port)
    {
        var lab = clusters.Lab;
        await lab.ApplyAsync("cluster-2", Version("cluster-2", "none"));
        await lab.ApplyAsync("cluster-1", Version("cluster-1", "local"));
        await lab.ApplyAsync("cluster-1", TwoClusters.Drill("canary"));
        var places = new Places(lab);
        using var sockets = new NamespaceSockets(places.Namespace(from));
        var address = new IPEndPoint(places.Address(to, from), port);
        await UntilServedAsync(sockets, address);
        await using var load = new ConnectionLoad(sockets, address, perSecond: 200, LabConnection.RequestPatience);
        await load.MoreAsync(Half);

        var killed = load.Now;
        await lab.DeleteAsync("cluster-1", "Pod", $"default/{Next}", force: true);
        var gone = load.Now;
        await load.MoreAsync(Half);

        var (before, after) = (load.All.Where(one => one.Ended < killed).ToList(), load.Since(gone).ToList());
        Assert.Empty(load.Failed);
        Assert.InRange(Percent(before), 24, 26);
        Assert.InRange(Percent(after), 24, 26);
        Assert.All(before.Where(IsNext), one => Assert.Equal($"cluster-1/{Next}", one.Who));
        Assert.All(after.Where(IsNext).TakeLast(Half / 8), one => Assert.Equal($"cluster-2/{Next}", one.Who));
    }

    private static bool IsNext(Connected one) => one.Who.EndsWith($"/{Next}", StringComparison.Ordinal);

    private static double Percent(List<Connected> all) => 100.0 * all.Count(IsNext) / all.Count;

    /// <summary>What was applied is in force: both versions answer, and the next one in cluster-1.</summary>
    private static Task UntilServedAsync(NamespaceSockets sockets, IPEndPoint to) => Eventually.TrueAsync(
        async () =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LabConnection.AskAsync(sockets, to, LabConnection.RequestPatience)));
            return answers.All(answer => answer.Status == 200) && answers.Where(answer => answer.Pod == Next).Select(answer => answer.Cluster).Distinct().SequenceEqual(["cluster-1"]);
        },
        "the canary answers", 60);

    private static string Version(string cluster, string affinity) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{Next}}, namespace: default, labels: { name: {{Next}}, version: v2 } }
        spec: { nodeName: {{cluster}}-node-2, containers: [{ name: echo, ports: [{ containerPort: 8080 }] }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: {{Next}}, namespace: default, annotations: { service.cilium.io/global: "true", service.cilium.io/affinity: "{{affinity}}" } }
        spec: { selector: { name: {{Next}} }, ports: [{ port: 80, targetPort: 8080 }] }
        """;
}
