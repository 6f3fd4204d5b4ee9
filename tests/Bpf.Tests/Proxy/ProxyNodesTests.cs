using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Bpf.Tests.Lab;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Proxy;

/// <summary>Proxies between real pods, nodes and somebody outside.</summary>
public sealed class ProxyNodesTests
{
    private const string Vip = "10.96.0.1";

    /// <summary>How long a packet that is dropped is waited for.</summary>
    private static readonly TimeSpan s_drop = TimeSpan.FromSeconds(2);

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_OfL7_IsAnsweredByTheProxyThatSeesWhoAskedForWhat(bool clsact)
    {
        using var lab = new TwoNodes(clsact);
        var client = lab.First.Pods[0];
        using var proxy = new LabProxy(lab.First);
        L7(lab.First, $"{lab.Second.Pods[0].Ip}:8080");
        Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(client, $"{Vip}:80"));
        Assert.NotEqual(0ul, lab.First.Datapath.Metrics.Of(PassReason.Proxy, Egress).Packets);
        Assert.True(lab.First.Datapath.HasProxy);
    }

    [KernelTheory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Backend_BehindTheProxy_IsAskedWithTheIdentityOfTheClient(bool remote, bool asClient)
    {
        using var lab = new TwoNodes();
        var (client, other) = (lab.First.Pods[0], lab.First.Pods[1]);
        var (node, server) = remote ? (lab.Second, lab.Second.Pods[0]) : (lab.First, lab.First.AddPod());
        node.Policy(server, EndpointFlags.IngressPolicy, Rules.Allow(Ingress, client.Identity, Frames.Tcp, 8080));
        using var listener = Talk.Serve(server, 8080);
        using var proxy = new LabProxy(lab.First) { Backend = $"{server.Ip}:8080", AsClient = asClient };
        L7(lab.First, $"{server.Ip}:8080");
        Assert.Equal($"{server.Ip} to {(asClient ? client.Ip : lab.First.Inner)}", await Talk.AskAsync(client, $"{Vip}:80"));
        proxy.Patience = s_drop;
        Assert.Equal($"no answer of {server.Ip}:8080", await Talk.AskAsync(other, $"{Vip}:80"));
        Assert.NotEqual(0ul, node.Datapath.Metrics.Of(DropReason.Policy, Ingress).Packets);
    }

    [KernelFact]
    public async Task Service_OfL7WithoutAProxy_IsBalancedByTheKernel()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = Talk.Serve(server, 8080);
        L7(lab.First, $"{server.Ip}:8080");
        Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(client, $"{Vip}:80"));
        Assert.NotEqual(0ul, lab.First.Datapath.Metrics.Of(PassReason.ProxyBypass, Egress).Packets);
    }

    [KernelFact]
    public async Task L7_TurnedOnAndOff_BreaksNoConnection()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = Talk.Serve(server, 8080);
        using var proxy = new LabProxy(lab.First);
        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{server.Ip}:8080");
        using var plain = await client.ConnectAsync($"{Vip}:80");
        L7(lab.First, $"{server.Ip}:8080");
        using var proxied = await client.ConnectAsync($"{Vip}:80");
        Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(plain));
        Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(proxied));
        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{server.Ip}:8080");
        Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(plain));
        Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(proxied));
        Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(client, $"{Vip}:80"));
    }

    [KernelFact]
    public async Task Proxy_ThatDrains_KeepsItsConnectionsAndGetsNoNewOnes()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = Talk.Serve(server, 8080);
        using var proxy = new LabProxy(lab.First);
        L7(lab.First, $"{server.Ip}:8080");
        using var connection = await client.ConnectAsync($"{Vip}:80");
        Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(connection));
        proxy.TakeOut();
        Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(client, $"{Vip}:80"));
        Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(connection));
        using var next = new LabProxy(lab.First);
        await Talk.AskAsync(client, $"{Vip}:80");
        Assert.Equal((1, 1), (proxy.Accepted, next.Accepted));
    }

    [KernelFact]
    public async Task Restart_OfTheAgent_LeavesTheProxyItsConnections()
    {
        using var lab = new TwoNodes();
        var client = lab.First.Pods[0];
        using var proxy = new LabProxy(lab.First);
        L7(lab.First, $"{lab.Second.Pods[0].Ip}:8080");
        using var connection = await client.ConnectAsync($"{Vip}:80");
        for (var restart = 0; restart < 3; restart++)
        {
            Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(connection));
            lab.First.RestartAgent();
            Assert.True(lab.First.Datapath.Services.Current[Shares.Frontend($"{Vip}:80")].L7);
            Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(client, $"{Vip}:80"));
        }
    }

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EgressPolicy_ByTheProxy_IsServedByItAndRefusedWithoutIt(bool byService)
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        var to = byService ? $"{Vip}:80" : $"{server.Ip}:8080";
        lab.First.Service($"{Vip}:80", Frames.Tcp, $"{server.Ip}:8080");
        lab.First.Policy(client, EndpointFlags.EgressPolicy | EndpointFlags.IngressPolicy, Rules.Redirect(Egress, server.Identity, Frames.Tcp, 8080));
        await IsRefusedAsync(client, to);
        Assert.NotEqual(0ul, lab.First.Datapath.Metrics.Of(DropReason.NoProxy, Egress).Packets);
        using var proxy = new LabProxy(lab.First);
        Assert.Equal($"proxy to {client.Ip} for {server.Ip}:8080", await Talk.AskAsync(client, to));
    }

    [KernelTheory]
    [InlineData("neighbour", "pod")]
    [InlineData("neighbour", "service")]
    [InlineData("remote", "pod")]
    [InlineData("remote", "service")]
    [InlineData("host", "pod")]
    [InlineData("outside", "node port")]
    public async Task IngressPolicy_ByTheProxy_IsServedByItAndRefusedWithoutIt(string who, string by)
    {
        using var lab = new TwoNodes();
        using var outside = new Outside(lab.First);
        var server = lab.First.Pods[0];
        var client = who switch { "neighbour" => lab.First.Pods[1], "remote" => lab.Second.Pods[0], "host" => new LabPod(lab.First.Inner, 0, 1, lab.First.Netns), _ => outside.Host };
        var to = by switch { "pod" => $"{server.Ip}:8080", "service" => $"{Vip}:80", _ => $"{Outside.NodeAddress}:30080" };
        foreach (var node in new[] { lab.First, lab.Second }) node.Service($"{Vip}:80", Frames.Tcp, $"{server.Ip}:8080");
        lab.First.Service($"{Outside.NodeAddress}:30080", Frames.Tcp, $"{server.Ip}:8080");
        lab.First.Policy(server, EndpointFlags.IngressPolicy, Rules.Redirect(Ingress, 0, Frames.Tcp, 8080));
        await IsRefusedAsync(client, to);
        Assert.Equal(1ul, lab.First.Datapath.Metrics.Of(DropReason.NoProxy, Ingress).Packets);
        using var proxy = new LabProxy(lab.First);
        Assert.Equal($"proxy to {client.Ip} for {server.Ip}:8080", await Talk.AskAsync(client, to));
        Assert.NotEqual(0ul, lab.First.Datapath.Metrics.Of(PassReason.Proxy, Ingress).Packets);
    }

    [KernelFact]
    public async Task Proxies_OfBothNodesInOnePath_HandOnTheIdentity()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = Talk.Serve(server, 8080);
        lab.Second.Policy(server, EndpointFlags.IngressPolicy, Rules.Redirect(Ingress, client.Identity, Frames.Tcp, 8080));
        using var near = new LabProxy(lab.First) { Backend = $"{server.Ip}:8080" };
        using var far = new LabProxy(lab.Second) { Backend = $"{server.Ip}:8080" };
        L7(lab.First, $"{server.Ip}:8080");
        Assert.Equal($"{server.Ip} to {lab.Second.Inner}", await Talk.AskAsync(client, $"{Vip}:80"));
        near.Patience = s_drop;
        Assert.Equal($"no answer of {server.Ip}:8080", await Talk.AskAsync(lab.First.Pods[1], $"{Vip}:80"));
        Assert.Equal((2, 1), (near.Accepted, far.Accepted));
    }

    [KernelFact]
    public async Task Policy_ThatComesToTheProxy_ResetsBothTheIdleClientAndTheOneThatTalks()
    {
        using var lab = new TwoNodes();
        using var proxy = new LabProxy(lab.Second);
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = server.Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(server.Address, 8080));
        listener.Listen();
        using var talks = await client.ConnectAsync(server, 8080);
        using var talked = await listener.AcceptAsync();
        using var waits = await client.ConnectAsync(server, 8080);
        using var waited = await listener.AcceptAsync();
        lab.Second.Policy(server, EndpointFlags.IngressPolicy, Rules.Redirect(Ingress, 0, Frames.Tcp, 8080));
        await IsResetAsync(() => Talk.AskAsync(talks));
        await waited.SendAsync(new byte[10]);
        await IsResetAsync(async () => await waits.ReceiveAsync(new byte[10]).WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.NotEqual(0ul, lab.Second.Datapath.Metrics.Of(DropReason.ProxyUnsupported, Egress).Packets);
        Assert.NotEqual(0ul, lab.Second.Datapath.Metrics.Of(DropReason.ProxyUnsupported, Ingress).Packets);
        Assert.Equal(0, proxy.Accepted);
    }

    [KernelFact]
    public async Task Proxy_ThatDied_ResetsItsClients()
    {
        using var lab = new TwoNodes();
        var client = lab.First.Pods[0];
        // Nothing but an answer of the proxy's could come in.
        lab.First.Policy(client, EndpointFlags.IngressPolicy);
        L7(lab.First, $"{lab.Second.Pods[0].Ip}:8080");
        using var proxy = new LabProxy(lab.First);
        using var connection = await client.ConnectAsync($"{Vip}:80");
        Assert.Equal($"proxy to {client.Ip} for {Vip}:80", await Talk.AskAsync(connection));
        proxy.Vanish();
        await IsResetAsync(() => Talk.AskAsync(connection));
    }

    [KernelFact]
    public async Task Listener_OfTheNode_IsNoneOfTheProxysBusiness()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var anywhere = lab.First.Netns.In(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        anywhere.Bind(new IPEndPoint(IPAddress.Any, 8080));
        anywhere.Listen();
        // What goes to the stack to be reset must not find who listens there at any address.
        lab.First.Policy(client, EndpointFlags.EgressPolicy, Rules.Redirect(Egress, server.Identity, Frames.Tcp, 8080), Rules.Allow(Egress, 1));
        await IsRefusedAsync(client, $"{server.Ip}:8080");
        using var proxy = new LabProxy(lab.First);
        // And who asks for the node itself finds it, and not the proxy: nobody is given to that but by a program.
        using var own = await client.ConnectAsync($"{lab.First.Inner}:8080");
        using var accepted = await anywhere.AcceptAsync();
        await IsRefusedAsync(client, $"{lab.First.Inner}:{proxy.Port}");
        Assert.Equal(0, proxy.Accepted);
    }

    [KernelFact]
    public async Task Mark_OfAPodsSocket_DoesNotLeaveThePod()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        lab.First.Policy(client, EndpointFlags.EgressPolicy);
        using var proxy = new LabProxy(lab.First);
        foreach (var mark in new[] { Mark.ToProxy, Mark.FromProxy })
        {
            using var socket = client.Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.SetRawSocketOption(1, 36, BitConverter.GetBytes((uint)mark));
            await IsDroppedAsync(lab.First, socket, server, DropReason.Policy);
        }

        Assert.Equal(0, proxy.Accepted);
        Assert.Equal(0ul, lab.First.Datapath.Metrics.Of(PassReason.Proxy, Egress).Packets);
    }

    [KernelFact]
    public async Task Rule_Missing_NothingIsForwardedPastTheProxy()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = Talk.Serve(server, 8080);
        using var proxy = new LabProxy(lab.First);
        lab.First.Policy(client, EndpointFlags.EgressPolicy, Rules.Redirect(Egress, server.Identity, Frames.Tcp, 8080));
        lab.First.Netns.Run($"rule delete {HostNetwork.ProxyRule}");
        using var socket = client.Socket(SocketType.Stream, ProtocolType.Tcp);
        await IsDroppedAsync(lab.First, socket, server, DropReason.NoProxy);
    }

    [KernelFact]
    public async Task Ports_UsedAgainWhileTheProxyWaits_ConnectAtOnce()
    {
        using var lab = new TwoNodes();
        var client = lab.First.Pods[0];
        // 1,500 ports, each used three times: most SYNs meet the proxy's TIME_WAIT of the connection before.
        client.Netns.Sysctl("net/ipv4/ip_local_port_range", "20000 21499");
        using var proxy = new LabProxy(lab.First) { ClosesFirst = true };
        L7(lab.First, $"{lab.Second.Pods[0].Ip}:8080");
        var retransmitted = Retransmissions(client);
        var failed = 0;
        for (var i = 0; i < 4500; i++)
        {
            using var socket = client.Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPEndPoint.Parse($"{Vip}:80"));
                Assert.StartsWith("proxy", await Talk.AskAsync(socket));
                // The proxy says FIN first.
                while (await socket.ReceiveAsync(new byte[100]) > 0) ;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                failed++;
            }
        }

        Assert.Equal((0, 4500), (failed, proxy.Accepted));
        // A SYN that is not answered is sent again, after a second.
        Assert.Equal(retransmitted, Retransmissions(client));
    }

    private static long Retransmissions(LabPod pod) => pod.Netns.In(() =>
    {
        var lines = File.ReadLines("/proc/thread-self/net/netstat").Where(line => line.StartsWith("TcpExt:", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToArray();
        return long.Parse(lines[1][Array.IndexOf(lines[0], "TCPSynRetrans")]);
    });

    private static void L7(LabNode node, params string[] backends) =>
        node.Datapath.Services.Set(Shares.Frontend($"{Vip}:80"), Shares.Model(backends) with { L7 = true });

    private static async Task IsRefusedAsync(LabPod client, string to)
    {
        var error = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(to));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    private static async Task IsDroppedAsync(LabNode node, Socket socket, LabPod server, DropReason reason)
    {
        var before = Drops();
        var connecting = socket.ConnectAsync(new IPEndPoint(server.Address, 8080));
        await Eventually.TrueAsync(() => Drops() > before, "the drop");
        socket.Dispose();
        await Assert.ThrowsAnyAsync<SocketException>(() => connecting);

        ulong Drops() => node.Datapath.Metrics.Of(reason, Egress).Packets;
    }

    private static async Task IsResetAsync(Func<Task> use)
    {
        var error = await Assert.ThrowsAsync<SocketException>(use);
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }
}
