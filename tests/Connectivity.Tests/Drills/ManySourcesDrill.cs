using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Network;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>1,000 pods' worth of addresses, of many identities, ask by one proxy at once: each is answered, and speaks by its own identity's connections.</summary>
[Collection(RequestDrills.Name)]
public sealed class ManySourcesDrill(TunnelledClusters clusters, ITestOutputHelper output)
{
    private const string Node = "cluster-1-node-1";
    private const int Sources = 1000, Rounds = 3;
    private const uint Identities = 20, FirstIdentity = (1 << 16) | 60_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [KernelFact]
    public async Task Thousand_AtOnceByOneProxy_AllAreAnsweredByTheirIdentitysConnections()
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        await using var service = await DrilledService.StartAsync(lab, TellPeerAsync);
        await service.UntilAllAnswerAsync("x-wing");
        var pod = lab.State.Pods.Single(pod => pod.Cluster == "cluster-1" && pod.Name == "drilled-1");
        var proxy = new NodeProxyProcess(lab.Node(Node).Netns);
        var idle = await proxy.MemoryAsync();
        using var addresses = new MoreAddresses(lab, Node, pod);
        await addresses.AddAsync(lab.Node(Node).Netns, lab.Netns(DrilledService.Place("cluster-1/drilled-1")), IPAddress.Parse("10.1.64.1"), Enumerable.Range(0, Sources).Select(i => FirstIdentity + ((uint)i % Identities)));

        using var sockets = new NamespaceSockets(lab.Netns(DrilledService.Place("cluster-1/drilled-1")));
        var open = new Socket[Sources];
        try
        {
            await ForEachAsync(async i => open[i] = await ConnectAsync(sockets, addresses.All[i].Address, service.Address));
            var answers = new List<(uint Identity, string Pod, IPEndPoint Peer)>();
            for (var round = 0; round < Rounds; round++)
            {
                await ForEachAsync(async i =>
                {
                    var (by, peer) = await AskAsync(open[i]);
                    lock (answers) answers.Add((addresses.All[i].Identity, by, peer));
                });
            }

            var busy = await proxy.MemoryAsync();
            output.WriteLine($"{Sources} addresses of {Identities} identities, {answers.Count} answers; the proxy has {idle} MiB idle, {busy} MiB with {Sources} connections; {answers.Select(one => one.Peer).Distinct().Count()} connections to backends");
            Assert.Equal(Sources * Rounds, answers.Count);
            // A pod of another node and one of the other cluster see who asks, and not the proxy; no connection is of two.
            AssertCallers(lab, answers, "cluster-1/drilled-2", "cluster-1-node-2");
            AssertCallers(lab, answers, "cluster-2/drilled-1", "cluster-2-node-1");
            Assert.All(answers.GroupBy(one => (one.Pod, one.Peer)), connection => Assert.Single(connection.Select(one => one.Identity).Distinct()));
        }
        finally
        {
            foreach (var socket in open) socket?.Dispose();
        }
    }

    private static void AssertCallers(RunningLab lab, List<(uint Identity, string Pod, IPEndPoint Peer)> answers, string pod, string node)
    {
        var state = lab.State.Pods.Single(one => $"{one.Cluster}/{one.Name}" == pod);
        var callers = MoreAddresses.CallersOf(lab, state.Cluster, node, new(IPAddress.Parse(state.Address), PodServer.Port));
        var seen = answers.Where(one => one.Pod == pod).ToList();
        Assert.Equal((int)Identities, seen.Select(one => one.Identity).Distinct().Count());
        Assert.All(seen, one => Assert.Equal(one.Identity, callers[one.Peer]));
    }

    private static Task TellPeerAsync(HttpContext context)
    {
        context.Response.Headers["x-peer"] = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
        return Task.CompletedTask;
    }

    private static Task ForEachAsync(Func<int, Task> work) => Parallel.ForAsync(0, Sources, new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (i, stop) => await work(i).WaitAsync(s_patience, stop));

    private static async Task<Socket> ConnectAsync(NamespaceSockets sockets, IPAddress from, IPEndPoint to)
    {
        var socket = await sockets.OpenAsync();
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(to);
        return socket;
    }

    private static async Task<(string Pod, IPEndPoint Peer)> AskAsync(Socket socket)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: drilled\r\n\r\n"));
        var (buffer, text) = (new byte[4096], "");
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer);
            if (count == 0) throw new InvalidOperationException($"closed after \"{text}\"");
            text += Encoding.ASCII.GetString(buffer, 0, count);
        }

        var answer = LabConnection.Read(text);
        return answer.Headers.TryGetValue("x-peer", out var peer) ? (answer.Headers["x-pod"], IPEndPoint.Parse(peer)) : throw new InvalidOperationException(text);
    }
}
