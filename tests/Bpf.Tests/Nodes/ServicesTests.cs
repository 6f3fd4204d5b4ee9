using ClusterMesh.Tests;
using System.Net.Sockets;
using ClusterMesh.Bpf.Tests.Lab;

namespace ClusterMesh.Bpf.Tests.Nodes;

/// <summary>Services, between real pods, nodes and somebody outside.</summary>
public sealed class ServicesTests
{
    private const string Vip = "10.96.0.1";

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pod_ToAServiceOfBothClusters_ReachesABackendOfEach(bool clsact)
    {
        using var lab = new TwoNodes(clsact);
        var (client, local, remote) = (lab.First.Pods[0], lab.First.Pods[1], lab.Second.Pods[0]);
        using var first = Talk.Serve(local, 8080);
        using var second = Talk.Serve(remote, 8080);
        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{local.Ip}:8080", $"{remote.Ip}:8080");
        var answers = new HashSet<string>();
        for (var i = 0; i < 40; i++) answers.Add(await Talk.AskAsync(client, $"{Vip}:80"));
        Assert.Equal([$"{local.Ip} to {client.Ip}", $"{remote.Ip} to {client.Ip}"], answers.Order());
    }

    [KernelTheory]
    [InlineData(64)]
    [InlineData(9000)]
    public async Task Datagrams_ToAService_AreAnsweredByItsAddress(int bytes)
    {
        using var lab = new TwoNodes();
        foreach (var server in new[] { lab.First.Pods[1], lab.Second.Pods[0] })
        {
            using var socket = Talk.ServeUdp(server, 5353);
            lab.First.Service($"{Vip}:53", Frames.Udp, $"{server.Ip}:5353");
            Assert.Equal(bytes, await Talk.AskUdpAsync(lab.First.Pods[0], $"{Vip}:53", bytes));
        }
    }

    [KernelFact]
    public async Task Datagram_ToABackendThatDoesNotListen_IsRefusedInTheNameOfTheService()
    {
        using var lab = new TwoNodes();
        lab.First.Service($"{Vip}:53", Frames.Udp, $"{lab.Second.Pods[0].Ip}:5353");
        var error = await Assert.ThrowsAsync<SocketException>(() => Talk.AskUdpAsync(lab.First.Pods[0], $"{Vip}:53", 10));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [KernelFact]
    public async Task Pod_ToAServiceOfNobody_IsRefusedAtOnce()
    {
        using var lab = new TwoNodes();
        lab.First.Service($"{Vip}:80", Frames.Tcp);
        lab.First.Service($"{Vip}:53", Frames.Udp);
        var tcp = await Assert.ThrowsAsync<SocketException>(() => lab.First.Pods[0].ConnectAsync($"{Vip}:80"));
        var udp = await Assert.ThrowsAsync<SocketException>(() => Talk.AskUdpAsync(lab.First.Pods[0], $"{Vip}:53", 1400));
        Assert.Equal((SocketError.ConnectionRefused, SocketError.ConnectionRefused), (tcp.SocketErrorCode, udp.SocketErrorCode));
    }

    [KernelFact]
    public async Task Pod_ThatIsItsOwnBackend_ReachesItself()
    {
        using var lab = new TwoNodes();
        var pod = lab.First.Pods[0];
        using var server = Talk.Serve(pod, 8080);
        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{pod.Ip}:8080");
        Assert.Equal($"{pod.Ip} to 169.254.42.1", await Talk.AskAsync(pod, $"{Vip}:80"));
    }

    [KernelFact]
    public async Task Node_ToAService_ReachesBackendsHereThereAndOnTheOtherNode()
    {
        using var lab = new TwoNodes();
        var host = new LabPod(lab.First.Inner, 0, 1, lab.First.Netns);
        foreach (var server in new[] { lab.First.Pods[0], lab.Second.Pods[0], new LabPod(lab.Second.Underlay, 0, 1, lab.Second.Netns) })
        {
            using var listener = Talk.Serve(server, 8080);
            lab.First.Service($"{Vip}:80", Frames.Tcp, $"{server.Ip}:8080");
            Assert.Equal($"{server.Ip} to {lab.First.Inner}", await Talk.AskAsync(host, $"{Vip}:80"));
        }
    }

    [KernelFact]
    public async Task Pod_ToABackendOnANode_IsAnsweredByTheService()
    {
        using var lab = new TwoNodes();
        foreach (var node in new[] { lab.First, lab.Second })
        {
            var server = new LabPod(node.Underlay, 0, 1, node.Netns);
            using var listener = Talk.Serve(server, 6443);
            lab.First.Service($"{Vip}:443", Frames.Tcp, $"{server.Ip}:6443");
            Assert.StartsWith($"{server.Ip} to ", await Talk.AskAsync(lab.First.Pods[0], $"{Vip}:443"));
        }
    }

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outside_ToANodePort_ReachesAPodHereWithItsAddressAndAPodThereThroughTheNode(bool clsact)
    {
        using var lab = new TwoNodes(clsact);
        using var outside = new Outside(lab.First);
        var (local, remote) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var first = Talk.Serve(local, 8080);
        using var second = Talk.Serve(remote, 8080);
        lab.First.Service($"{Outside.NodeAddress}:30080", Frames.Tcp, $"{local.Ip}:8080");
        Assert.Equal($"{local.Ip} to {outside.Host.Ip}", await Talk.AskAsync(outside.Host, $"{Outside.NodeAddress}:30080"));
        lab.First.Service($"{Outside.NodeAddress}:30080", Frames.Tcp, $"{remote.Ip}:8080");
        using var events = lab.Second.Datapath.OpenEvents();
        Assert.Equal($"{remote.Ip} to {lab.First.Inner}", await Talk.AskAsync(outside.Host, $"{Outside.NodeAddress}:30080"));
        Assert.Contains(events.Poll(TimeSpan.FromSeconds(5)), seen => seen is { SourceIdentity: 2, Type: Contract.EventType.Connection } && seen.DestinationPort.Value == 8080);
    }

    [KernelFact]
    public async Task Outside_DatagramsToANodePort_AreAnsweredByTheNode()
    {
        using var lab = new TwoNodes();
        using var outside = new Outside(lab.First);
        foreach (var server in new[] { lab.First.Pods[1], lab.Second.Pods[0] })
        {
            using var socket = Talk.ServeUdp(server, 5353);
            lab.First.Service($"{Outside.NodeAddress}:30053", Frames.Udp, $"{server.Ip}:5353");
            Assert.Equal(4000, await Talk.AskUdpAsync(outside.Host, $"{Outside.NodeAddress}:30053", 4000));
        }
    }

    [KernelFact]
    public async Task Pod_ToTheOutside_IsSeenAsItsNode()
    {
        using var lab = new TwoNodes();
        using var outside = new Outside(lab.First);
        using var server = Talk.Serve(outside.Host, 80);
        Assert.Equal($"{outside.Host.Ip} to {Outside.NodeAddress}", await Talk.AskAsync(lab.First.Pods[0], $"{outside.Host.Ip}:80"));
    }

    [KernelFact]
    public async Task Restart_OfTheAgent_ConnectionsToServicesGoOn()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = Talk.Serve(server, 8080);
        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{server.Ip}:8080");
        using var connection = await client.ConnectAsync($"{Vip}:80");
        for (var restart = 0; restart < 3; restart++)
        {
            Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(connection));
            lab.First.RestartAgent();
            Assert.Equal(Shares.Model($"{server.Ip}:8080"), lab.First.Datapath.Services.Current[Shares.Frontend($"{Vip}:80")]);
        }

        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{server.Ip}:8080 draining");
        Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(connection));
        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{lab.Second.Pods[1].Ip}:8080");
        var error = await Assert.ThrowsAsync<SocketException>(() => Talk.AskAsync(connection));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }
}
