using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>The policy map of one pod (cilium.md 3.3).</summary>
public sealed class PolicyTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2";
    private const uint Peer = 0x20300, Other = 0x20301;
    private readonly Programs _node;

    public PolicyTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.IngressPolicy);
        node.Node(RemoteNode, 2);
    }

    public static TheoryData<string, (PolicyKey, PolicyEntry)[], byte> Cases => new()
    {
        { "nothing allowed", [], 133 },
        { "everything", [Rules.Allow(Ingress)], 0 },
        { "the other direction only", [Rules.Allow(Egress)], 133 },
        { "the peer", [Rules.Allow(Ingress, Peer)], 0 },
        { "another peer", [Rules.Allow(Ingress, Other)], 133 },
        { "the peer's protocol", [Rules.Allow(Ingress, Peer, Frames.Tcp)], 0 },
        { "another protocol", [Rules.Allow(Ingress, Peer, Frames.Udp)], 133 },
        { "the port", [Rules.Allow(Ingress, Peer, Frames.Tcp, 8080)], 0 },
        { "the port of anybody", [Rules.Allow(Ingress, 0, Frames.Tcp, 8080)], 0 },
        { "another port", [Rules.Allow(Ingress, Peer, Frames.Tcp, 8081)], 133 },
        { "a range with the port (8064-8095)", [Rules.Allow(Ingress, Peer, Frames.Tcp, 8064, portBits: 11)], 0 },
        { "a range below the port (8032-8063)", [Rules.Allow(Ingress, Peer, Frames.Tcp, 8032, portBits: 11)], 133 },
        { "denied to all, allowed to the peer", [Rules.Deny(Ingress), Rules.Allow(Ingress, Peer, Frames.Tcp, 8080)], 181 },
        { "denied to the peer, allowed to all", [Rules.Deny(Ingress, Peer), Rules.Allow(Ingress, 0, Frames.Tcp, 8080)], 181 },
        { "denied to another peer", [Rules.Deny(Ingress, Other), Rules.Allow(Ingress)], 0 },
        { "denied on another port", [Rules.Deny(Ingress, Peer, Frames.Tcp, 8081), Rules.Allow(Ingress, Peer)], 0 },
        { "another port to a proxy", [Rules.Redirect(Ingress, Peer, Frames.Tcp, 8081), Rules.Allow(Ingress)], 0 },
        { "denied, and to a proxy", [Rules.Redirect(Ingress, Peer, Frames.Tcp, 8080), Rules.Deny(Ingress)], 181 },
    };

    [KernelTheory]
    [MemberData(nameof(Cases))]
    public void Policy_Entries_Decide(string what, (PolicyKey, PolicyEntry)[] entries, byte reason)
    {
        _node.Policy(Pod, entries);
        var outcome = Receive();
        Assert.True(outcome.Verdict == (reason == 0 ? Verdict.Redirect : Verdict.Drop), what);
        if (reason != 0) outcome.Dropped((DropReason)reason, Ingress);
    }

    [KernelFact]
    public void Policy_EndpointWithoutItsMap_LetsNothingIn() => Receive().Dropped(DropReason.NoPolicyMap, Ingress);

    [KernelFact]
    public void Policy_DirectionThatIsNotJudged_IsFree()
    {
        _node.Policy(Pod);
        _node.FromContainer(Frames.TcpSegment(Pod, 1, "8.8.8.8", 2, Frames.Syn)).Passed(PassReason.Stack, Egress);
    }

    [KernelFact]
    public void Policy_Replaced_IsReadBackAsItWasWritten()
    {
        var entries = new[] { Rules.Allow(Ingress), Rules.Deny(Ingress, Peer, Frames.Tcp, 80) };
        _node.Policy(Pod, Rules.Allow(Egress));
        _node.Policy(Pod, entries);
        Assert.Equal(entries.ToHashSet(), _node.Policies.Read(11)!.Select(entry => (entry.Key, entry.Value)).ToHashSet());
        Assert.True(_node.Policies.Remove(11));
        Assert.Null(_node.Policies.Read(11));
    }

    [KernelFact]
    public void Policy_MoreEntriesThanFit_KeepsWhatItHad()
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        var tooMany = Enumerable.Range(1, (int)Limits.MaxPolicyEntries + 1).Select(port => Rules.Allow(Ingress, 0, Frames.Tcp, (ushort)port)).Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2));
        Assert.Throws<BpfException>(() => _node.Policies.Replace(11, [.. tooMany]));
        Assert.Single(_node.Policies.Read(11)!);
    }

    private Outcome Receive() => _node.FromOverlay(Frames.TcpSegment(Remote, 1000, Pod, 8080, Frames.Syn), Peer, RemoteNode);
}
