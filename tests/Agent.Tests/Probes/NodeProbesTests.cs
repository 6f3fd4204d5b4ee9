using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Agent.Tests.Probes;

/// <summary>Real sockets on loopback addresses: each is a node.</summary>
public sealed class NodeProbesTests : IDisposable
{
    private static readonly ProbeTarget s_west = new("west", "n1", IPAddress.Parse("127.77.0.1")), s_east = new("east", "e1", IPAddress.Parse("127.77.0.2"));

    private readonly int _port = EtcdProcess.FreePort();
    private readonly List<NodeProbes> _started = [];

    public void Dispose() => _started.ForEach(probes => probes.Dispose());

    [Fact]
    public async Task Agents_OfTwoNodes_HearEachOther()
    {
        var (west, east) = (Start(s_west, s_east), Start(s_east, s_west));
        await Eventually.TrueAsync(() => StateOf(west, s_east) == "reachable" && StateOf(east, s_west) == "reachable", "both hear each other");
        Assert.True(west.Read().Nodes[s_east.Name].RttMicroseconds > 0);
        Assert.Equal("local", StateOf(west, s_west));
    }

    [Fact]
    public async Task Node_WithoutAnAgent_IsReachableByItsKernel()
    {
        var west = Start(s_west, s_east);
        await Eventually.TrueAsync(() => StateOf(west, s_east) == "reachable", "the kernel answers");
        Assert.Null(west.Read().Nodes[s_east.Name].RttMicroseconds);
    }

    [Fact]
    public async Task Change_OfAVerdict_IsTold()
    {
        var changed = 0;
        var west = Make(s_west, s_east);
        west.Changed += () => changed++;
        west.Start();
        await Eventually.TrueAsync(() => west.Current.Nodes.TryGetValue(s_east.Name, out var health) && health.State == "reachable" && changed > 0, "it is told");
    }

    [Fact]
    public async Task Port_ThatIsTaken_CallsNobodyGone()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(s_west.Address, _port));
        var log = new CollectingLogger();
        using var west = new NodeProbes(ConfigOf(s_west), () => [s_east], TimeProvider.System, new ThreadChance(), log);
        west.Start();
        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Contains($"cannot probe from {s_west.Address}:{_port}", StringComparison.Ordinal)), "it is said");
        Assert.False(west.Current.IsGone("east", "e1"));
    }

    [Fact]
    public async Task Question_OfSomebodyUnknown_IsNotAnswered()
    {
        _ = Start(s_east, s_west);
        using var stranger = Bound("127.77.0.99");
        using var known = Bound(s_west.Address.ToString());
        var question = Question(s_west, s_east);
        await Eventually.TrueAsync(
            () =>
            {
                // The stranger asks first each time: once the known one is answered, it would have been, too.
                stranger.SendTo(question, new IPEndPoint(s_east.Address, _port));
                known.SendTo(question, new IPEndPoint(s_east.Address, _port));
                return known.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead);
            },
            "the known one is answered");
        var answer = new byte[100];
        Assert.Equal(ProbePacket.Size, known.Receive(answer));
        Assert.Equal(ProbePacket.Read(question)!.Value with { IsAnswer = true }, ProbePacket.Read(answer.AsSpan(0, ProbePacket.Size)));
        Assert.Equal(0, stranger.Available);
    }

    [Fact]
    public async Task Question_ForAnotherNameOrMalformed_IsNotAnswered()
    {
        _ = Start(s_east, s_west);
        using var known = Bound(s_west.Address.ToString());
        await Eventually.TrueAsync(
            () =>
            {
                known.SendTo(Question(s_west, s_west), new IPEndPoint(s_east.Address, _port));
                known.SendTo(new byte[1400], new IPEndPoint(s_east.Address, _port));
                known.SendTo(Question(s_west, s_east), new IPEndPoint(s_east.Address, _port));
                return known.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead);
            },
            "the right one is answered");
        var answer = new byte[100];
        known.Receive(answer);
        Assert.Equal(ProbePacket.Hash(s_east.Name), ProbePacket.Read(answer.AsSpan(0, ProbePacket.Size))!.Value.Asked);
    }

    private static byte[] Question(ProbeTarget asker, ProbeTarget asked)
    {
        var bytes = new byte[ProbePacket.Size];
        new ProbePacket(false, 5, 1, ProbePacket.Hash(asker.Name), ProbePacket.Hash(asked.Name)).Write(bytes);
        return bytes;
    }

    private static string? StateOf(NodeProbes probes, ProbeTarget target) => probes.Read().Nodes.GetValueOrDefault(target.Name)?.State;

    private static Socket Bound(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }

    private ProbeConfig ConfigOf(ProbeTarget own) => new(own.Cluster, own.Node, new(own.Address, _port)) { Rules = new() { Interval = TimeSpan.FromMilliseconds(100) } };

    private NodeProbes Make(ProbeTarget own, params ProbeTarget[] others)
    {
        var probes = new NodeProbes(ConfigOf(own), () => others, TimeProvider.System, new ThreadChance(), NullLogger.Instance);
        _started.Add(probes);
        return probes;
    }

    private NodeProbes Start(ProbeTarget own, params ProbeTarget[] others)
    {
        var probes = Make(own, others);
        probes.Start();
        return probes;
    }
}
