using System.Net;
using ClusterMesh.Cli.Lab.Network;
using Xunit.Abstractions;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>30,000 connections of one pod, more than it has ports, one request each, at both ends of which the ports wait to be used again.</summary>
[Collection(RequestDrills.Name)]
public sealed class ClosingConnectionsDrill(TunnelledClusters clusters, ITestOutputHelper output)
{
    private const int Connections = 30_000, AtOnce = 64, DirectOf = 30;

    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(500);

    [KernelFact]
    public async Task ThirtyThousand_OfOnePodThroughTheProxy_NoneFailsAndNoneWaitsToConnect()
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        await using var service = await DrilledService.StartAsync(lab, _ => Task.CompletedTask);
        await service.UntilAllAnswerAsync("x-wing");
        using var sockets = new NamespaceSockets(places.Namespace("x-wing"));
        var (proxied, direct) = (new BriefConnection[Connections], new List<BriefConnection>());
        var begun = TimeProvider.System.GetTimestamp();
        var backend = new IPEndPoint(IPAddress.Parse(lab.State.Pods.Single(pod => pod.Cluster == "cluster-1" && pod.Name == "drilled-2").Address), PodServer.Port);
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            proxied[i] = await BriefConnection.OpenAsync(sockets, service.Address, clientCloses: i % 2 == 0);
            if (i % DirectOf != 0) return;
            // What the machine itself does to connections just now.
            var one = await BriefConnection.OpenAsync(sockets, backend, clientCloses: true);
            lock (direct) direct.Add(one);
        });
        var took = TimeProvider.System.GetElapsedTime(begun);

        output.WriteLine($"{Connections} connections in {took.TotalSeconds:0.0} s ({Connections / took.TotalSeconds:0}/s); by the proxy {Told(proxied)}; direct {Told(direct)}");
        Assert.Empty(proxied.Where(one => one.Failure is not null).Select(one => one.Failure).Take(10));
        Assert.Empty(direct.Where(one => one.Failure is not null).Select(one => one.Failure).Take(10));
        // A port that waits at the other end would answer a SYN with nothing, and the next one comes a second later.
        Assert.DoesNotContain(proxied, one => one.Again > 0);
        // A machine that makes direct connections wait says nothing about the proxy.
        if (!direct.Any(one => one.Connecting > s_limit)) Assert.DoesNotContain(proxied, one => one.Connecting > s_limit);
    }

    private static string Told(IReadOnlyCollection<BriefConnection> all)
    {
        var sorted = all.Select(one => one.Connecting.TotalMilliseconds).Order().ToList();
        return $"{all.Count(one => one.Failure is not null)} failed, {all.Count(one => one.Connecting > s_limit)} above {s_limit.TotalMilliseconds:0} ms to connect, {all.Count(one => one.Again > 0)} by a second SYN, median {sorted[sorted.Count / 2]:0.0} ms, 99 % {sorted[sorted.Count * 99 / 100]:0.0} ms, longest {sorted[^1]:0.0} ms";
    }
}
