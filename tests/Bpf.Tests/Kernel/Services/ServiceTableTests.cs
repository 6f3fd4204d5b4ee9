using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Services;

namespace ClusterMesh.Bpf.Tests.Kernel.Services;

/// <summary>What the agent writes, and what the next one finds.</summary>
public sealed class ServiceTableTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Vip = "10.96.0.1:80", A = "10.1.2.11:8080", B = "10.1.2.12:8080";
    private readonly Programs _node;

    public ServiceTableTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Peer("10.1.2.0/24", 0x20300, "192.168.50.2");
    }

    public static TheoryData<string, FrontendModel> Models => new()
    {
        { "nobody", Shares.Model() },
        { "one", Shares.Model(A) },
        { "weights", Shares.Model($"{A}=75", $"{B}=25") },
        { "draining", Shares.Model(A, $"{B} draining") },
        { "all else", Shares.Model(A, B) with { Affinity = TimeSpan.FromHours(3), Random = true, External = true } },
    };

    [KernelTheory]
    [MemberData(nameof(Models))]
    public void Restart_ReadsBackWhatWasSet(string what, FrontendModel model)
    {
        var frontend = Shares.Frontend(Vip, Frames.Udp);
        _node.Services.Set(frontend, model);
        Assert.Equal((what, model), (what, _node.Services.Current[frontend]));
        var next = _node.ReadServices();
        Assert.Equal([KeyValuePair.Create(frontend, model)], next.Current);
    }

    [KernelFact]
    public void Use_OfWhatIsSetChangedAndDeleted_IsWhatTheMapsHave()
    {
        Set(_node.Services, A, B);
        _node.Services.Set(Shares.Frontend(Vip, Frames.Udp), Shares.Model(A, $"{B} draining"));
        Assert.Equal((2, 4), (_node.Services.Use.Frontends, _node.Services.Use.Backends));
        Assert.Equal(_node.Frontends.Read().Sum(frontend => frontend.Value.Count), (uint)_node.Services.Use.Slots);
        Set(_node.Services, A);
        Assert.Equal((2, 3, 2), (_node.Services.Use.Frontends, _node.Services.Use.Backends, _node.Services.Use.Slots));
        Assert.Equal(_node.Services.Use, _node.ReadServices().Use);
        _node.Services.Delete(Shares.Frontend(Vip));
        _node.Services.Delete(Shares.Frontend(Vip, Frames.Udp));
        Assert.Equal(new(0, 0, 0), _node.Services.Use);
    }

    [KernelFact]
    public void Restart_WithTheSameModel_KeepsConnectionsAndWritesNothing()
    {
        Set(_node.Services, A, B);
        var backend = Send(Frames.Syn);
        var before = Everything();
        var next = _node.ReadServices();
        Set(next, A, B);
        Assert.Equal(before, Everything());
        Assert.Equal(backend, Send(Frames.Ack));
    }

    [KernelFact]
    public void Restart_NewBackends_GetNumbersThatNobodyHad()
    {
        Set(_node.Services, A);
        Set(_node.Services, B);
        var used = _node.Backends.Read().Max(backend => backend.Key);
        _node.Services.Delete(Shares.Frontend(Vip));
        Set(_node.ReadServices(), A);
        Assert.True(Assert.Single(_node.Backends.Read()).Key > used);
    }

    [KernelFact]
    public void Restart_InTheMiddleOfAChange_SaysHowTheSlotsBalanceNow()
    {
        Set(_node.Services, A);
        var (id, backend) = Assert.Single(_node.Backends.Read());
        // B was added, and the table with it never swapped in; and one more belongs to nobody.
        _node.Backends.Update(id + 100, backend with { Address = Programs.Addr("10.1.2.12") });
        _node.Backends.Update(id + 101, backend with { Service = 0xffff_0000 });
        var next = _node.ReadServices();
        Assert.Equal(Shares.Model(A, $"{B} draining"), next.Current[Shares.Frontend(Vip)]);
        Set(next, A, B);
        Assert.Equal([A, B], Enumerable.Range(0, 100).Select(i => Send(Frames.Syn, (ushort)(1000 + i))).Distinct().Order());
        Assert.Equal(2, _node.Backends.Read().Count);
    }

    [KernelFact]
    public void Change_OfOneFrontend_WritesNothingOfAnother()
    {
        Set(_node.Services, A, B);
        _node.Services.Set(Shares.Frontend("10.96.0.2:80"), Shares.Model(A));
        var before = _node.Backends.Read().ToHashSet();
        _node.Services.Set(Shares.Frontend("10.96.0.2:80"), Shares.Model(B));
        var after = _node.Backends.Read();
        Assert.Equal([A, B], before.Intersect(after).Select(backend => $"{backend.Value.Address}:{backend.Value.Port}").Order());
        Assert.Equal(3, _node.Backends.Read().Count);
    }

    [KernelFact]
    public void Delete_LeavesNothingAndEndsItsConnections()
    {
        Set(_node.Services, A);
        Send(Frames.Syn);
        Assert.True(_node.Services.Delete(Shares.Frontend(Vip)));
        Assert.False(_node.Services.Delete(Shares.Frontend(Vip)));
        Assert.Empty(_node.Services.Current);
        Assert.Empty(_node.Backends.Read());
        Assert.Empty(_node.ReadServices().Current);
        _node.FromContainer(Frames.TcpSegment(Pod, 1000, "10.96.0.1", 80, Frames.Ack)).Passed(PassReason.Stack, Direction.Egress);
    }

    [KernelFact]
    public void Set_MoreBackendsThanFit_SaysSoAndKeepsWhatItHad()
    {
        Set(_node.Services, A);
        var before = Everything();
        var others = Enumerable.Range(0, (int)Limits.MaxBackends - 1).Select(i => 0x8000_0000 + (uint)i).ToArray();
        _node.Backends.UpdateMany(others, new Backend[others.Length]);
        var error = Assert.Throws<BpfException>(() => Set(_node.Services, A, B));
        Assert.Contains("map backends", error.Message);
        Assert.Equal(Shares.Model(A), _node.Services.Current[Shares.Frontend(Vip)]);
        _node.Backends.DeleteMany(others);
        Assert.Equal(before, Everything());
        Set(_node.Services, A, B);
    }

    private static void Set(ServiceTable table, params string[] backends) => table.Set(Shares.Frontend(Vip), Shares.Model(backends));

    private string Send(byte flags, ushort port = 1000) => _node.FromContainer(Frames.TcpSegment(Pod, port, "10.96.0.1", 80, flags)).Ends.Split(' ')[2];

    private HashSet<string> Everything() => [.. _node.Backends.Read().Select(entry => $"{entry}"), .. _node.Frontends.Read().Select(entry => $"{entry}")];
}
