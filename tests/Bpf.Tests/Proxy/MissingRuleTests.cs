using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Tests.Lab;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Proxy;

public sealed class MissingRuleTests
{
    /// <summary>A node has more networks than the one to the other nodes, and no program looks at what leaves by those.</summary>
    [KernelFact]
    public async Task Rule_Missing_NothingIsForwardedPastTheProxyByAnInterfaceWithoutPrograms()
    {
        using var lab = new TwoNodes();
        using var elsewhere = new LabPod("198.51.100.7", 0, 2, new("elsewhere-"));
        lab.First.Netns.Run($"link add side0 type veth peer name side0 netns {elsewhere.Netns.Name}", "addr add 198.51.100.1/24 dev side0", "link set side0 up");
        elsewhere.Netns.Run($"addr add {elsewhere.Ip}/24 dev side0", "link set side0 up");
        using var listener = Talk.Serve(elsewhere, 8080);
        var client = lab.First.Pods[0];
        Assert.StartsWith(elsewhere.Ip, await Talk.AskAsync(client, $"{elsewhere.Ip}:8080"), StringComparison.Ordinal);

        using var proxy = new LabProxy(lab.First);
        lab.First.Policy(client, EndpointFlags.EgressPolicy, Rules.Redirect(Egress, 2, Frames.Tcp, 8080));
        lab.First.Netns.Run($"rule delete {HostNetwork.ProxyRule}");
        using var socket = client.Socket(SocketType.Stream, ProtocolType.Tcp);
        var connecting = socket.ConnectAsync(new IPEndPoint(elsewhere.Address, 8080));
        await Eventually.TrueAsync(() => connecting.IsCompleted || !Forwarding(lab.First).Contains("counter packets 0 ", StringComparison.Ordinal), "the drop");
        Assert.False(connecting.IsCompletedSuccessfully, "it was forwarded past the proxy");
        socket.Dispose();
        await Assert.ThrowsAnyAsync<SocketException>(() => connecting);
    }

    private static string Forwarding(LabNode node) => node.Netns.NftSays("list", "chain", "ip", HostNetwork.Table, "forward");
}
