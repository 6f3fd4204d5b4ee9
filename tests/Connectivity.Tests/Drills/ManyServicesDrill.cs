using System.Globalization;
using System.Text;
using ClusterMesh.Cli.Lab.Network;
using Xunit.Abstractions;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A cluster of 10,000 services of which 6,000 change their backend, 1,000 each second if the machine can: others do not notice, and the kernel keeps up.</summary>
public sealed class ManyServicesDrill(TunnelledClusters clusters, ITestOutputHelper output) : IClassFixture<TunnelledClusters>
{
    private const int Files = 400, PerFile = 25, FilesAtOnce = 4, Rounds = 60;

    [KernelFact]
    public async Task SixThousandChanges_AmongTenThousandServices_NothingFailsAndTheLastOneCounts()
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        var directory = lab.State.Nodes.First(node => node.Cluster == "cluster-1").Manifests;
        using var sockets = new NamespaceSockets(places.Namespace("x-wing"));
        await using var load = new ConnectionLoad(sockets, new(places.Address("svc/rebel-base"), 80), perSecond: 100, LabConnection.RequestPatience);
        await using var steady = await SteadyConnection.OpenAsync(sockets, new(places.Address("svc/rebel-base"), 80));
        try
        {
            for (var file = 0; file < Files; file++) await WriteAsync(directory, file, port: 8080);
            await Eventually.TrueAsync(async () => await FrontendsAsync(places, 8080) == Files * PerFile, "10,000 services are in the kernel", 120);

            // 4 files of 25 services, ten times a second.
            var begun = load.Now;
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            for (var round = 0; round < Rounds; round++)
            {
                for (var at = 0; at < FilesAtOnce; at++) await WriteAsync(directory, ((round * FilesAtOnce) + at) % Files, port: 8181);
                await timer.WaitForNextTickAsync();
            }

            var written = load.Now - begun;
            await Eventually.TrueAsync(async () => await FrontendsAsync(places, 8181) == Rounds * FilesAtOnce * PerFile, "every change is in the kernel", 60);
            output.WriteLine($"{Rounds * FilesAtOnce * PerFile} changes written in {written.TotalSeconds:0.0} s, in the kernel after {(load.Now - begun).TotalSeconds:0.0} s; {load.All.Count} connections meanwhile");
            await load.MoreAsync(50);
            Assert.Empty(load.Failed);
            Assert.Null(steady.Broken);
        }
        finally
        {
            foreach (var file in Directory.EnumerateFiles(directory, "many-*.yaml")) File.Delete(file);
        }

        await Eventually.TrueAsync(async () => await FrontendsAsync(places, 8181) + await FrontendsAsync(places, 8080) == 0, "they are gone from the kernel", 120);
        Assert.Empty(load.Failed);
    }

    /// <summary>How many of our services have a backend at that port.</summary>
    private static async Task<int> FrontendsAsync(Places places, int port)
    {
        var page = await places.PageAsync("cluster-1-node-1", "/bpf/lb");
        return page.Split("\"frontend\":\"10.96.1").Count(part => part.Contains("\"service\":\"many-", StringComparison.Ordinal) && part.Contains(Text($":{port}\""), StringComparison.Ordinal));
    }

    private static async Task WriteAsync(string directory, int file, int port)
    {
        var text = new StringBuilder();
        for (var i = 0; i < PerFile; i++)
        {
            var number = (file * PerFile) + i;
            text.Append(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: v1
                kind: Service
                metadata: { name: many-{{number}}, namespace: default }
                spec: { clusterIP: 10.96.{{100 + (number / 250)}}.{{1 + (number % 250)}}, ports: [{ port: 80 }] }
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: { name: many-{{number}}-1, namespace: default, labels: { kubernetes.io/service-name: many-{{number}} } }
                addressType: IPv4
                ports: [{ port: {{port}} }]
                endpoints: [{ addresses: [10.1.1.13], conditions: { ready: true } }]

                """);
        }

        var path = Path.Combine(directory, Text($"many-{file}.yaml"));
        await File.WriteAllTextAsync($"{directory}/.{Text($"many-{file}")}", text.ToString());
        File.Move($"{directory}/.{Text($"many-{file}")}", path, overwrite: true);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
