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
        elsewhere.Netns.Nft("table ip seen { chain input { type filter hook input priority 0; tcp dport 8080 counter; }; }");
        using var socket = client.Socket(SocketType.Stream, ProtocolType.Tcp);
        var connecting = socket.ConnectAsync(new IPEndPoint(elsewhere.Address, 8080));
        // By the second, which is the first sent again, the first would have arrived.
        await Eventually.TrueAsync(() => Counted(lab.First.Netns, HostNetwork.Table, "forward") > 1, "two drops");
        Assert.Equal(0, Counted(elsewhere.Netns, "seen", "input"));
        socket.Dispose();
        await Assert.ThrowsAnyAsync<SocketException>(() => connecting);
    }

    private static int Counted(Netns netns, string table, string chain)
    {
        var words = netns.NftSays("list", "chain", "ip", table, chain).Split(' ');
        return int.Parse(words[Array.IndexOf(words, "packets") + 1]);
    }
}
