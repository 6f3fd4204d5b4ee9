using ClusterMesh.Tests;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Bpf.Tests.Kernel;

public sealed class LoadingTests
{
    public static TheoryData<byte, byte, byte, byte> Features => new Combinations();

    [KernelTheory]
    [MemberData(nameof(Features))]
    public void Load_EveryCombinationOfFeatures_IsVerified(byte tunnel, byte flowEvents, byte dropEvents, byte proxy)
    {
        using var loaded = Programs.Load(new Settings { Tunnel = (Tunnelled)tunnel, FlowEvents = flowEvents, DropEvents = dropEvents, Proxy = proxy });
        Assert.All(Hooks.All, hook => Assert.True(loaded.Program(hook.Name(), $"mesh_{hook.Name()}") > 0));
    }

    [KernelFact]
    public void Load_WithoutTunnel_SendsToTheStack()
    {
        using var loaded = Programs.Load(new Settings { Tunnel = Tunnelled.None });
        new Maps.TypedMap<Address, Endpoint>(loaded.Map("endpoints")).Update(Programs.Addr("10.1.1.11"), new() { Id = 11, Ifindex = Programs.Lo });
        new Maps.TypedMap<Prefix, Peer>(loaded.Map("ipcache")).Update(new(System.Net.IPNetwork.Parse("10.1.2.0/24")), new() { Identity = 300, Tunnel = Programs.Addr("192.168.50.2") });
        var run = TestRun.Run(loaded.Program("from_container", "mesh_from_container"), Frames.UdpDatagram("10.1.1.11", 1, "10.1.2.11", 2));
        Assert.Equal(Verdict.Pass, run.Verdict);
    }

    [KernelTheory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void Load_WithAndWithoutSkLookup_SaysWhetherThereCanBeAProxy(byte proxy, bool expected)
    {
        using var datapath = Datapath.Load(new() { Settings = new() { Proxy = proxy } }, NullLogger.Instance);
        Assert.Equal((expected, false), (datapath.CanProxy, datapath.HasProxy));
        datapath.AttachLookup();
    }

    [KernelFact]
    public void Load_ObjectThatIsNoObject_NamesItAndLoadsNothing()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            foreach (var hook in Hooks.All) File.Copy(Path.Combine(Rings.Objects, $"{hook.Name()}.o"), Path.Combine(directory.FullName, $"{hook.Name()}.o"));
            File.WriteAllText(Path.Combine(directory.FullName, "from_overlay.o"), "nonsense");
            var error = Assert.Throws<BpfException>(() => Datapath.Load(new() { ObjectDirectory = directory.FullName }, NullLogger.Instance));
            Assert.Contains("from_overlay.o: open", error.Message);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [KernelFact]
    public void Load_RefusedByTheVerifier_BringsItsLog()
    {
        using var refused = BpfObject.Open(Path.Combine(Rings.TestObjects, "refused.o"));
        var error = Assert.Throws<BpfException>(() => refused.Load([], NullLogger.Instance));
        Assert.Contains("object refused: load", error.Message);
        Assert.Contains("invalid access to packet", error.Message);
    }

    [KernelFact]
    public void Load_MapOfAnotherShape_IsRefusedByName()
    {
        using var other = Maps.BpfMap.Create("endpoints", new(Maps.MapType.Hash, 16, 8, 10, 0));
        using var opened = BpfObject.Open(Path.Combine(Rings.Objects, "to_container.o"));
        var error = Assert.Throws<InvalidOperationException>(() => opened.Load(new() { ["endpoints"] = other }, NullLogger.Instance));
        Assert.Contains("map endpoints: there is one of another shape", error.Message);
    }

    [KernelFact]
    public void Load_PinsOutsideOfABpfFileSystem_AreRefusedBeforeAnythingIsLoaded()
    {
        var error = Assert.Throws<UnsupportedKernelException>(() => Datapath.Load(new() { PinDirectory = "/tmp/clustermesh-pins" }, NullLogger.Instance));
        Assert.Contains("pin directory /tmp/clustermesh-pins is in no BPF file system", error.Message);
        Assert.False(Directory.Exists("/tmp/clustermesh-pins"));
    }

    [KernelFact]
    public void Features_OfThisKernel_AreEnough()
    {
        KernelFeatures.Require();
        var version = Environment.OSVersion.Version;
        if (version >= new Version(6, 6)) Assert.True(KernelFeatures.HasTcx());
    }

    private sealed class Combinations : TheoryData<byte, byte, byte, byte>
    {
        public Combinations()
        {
            for (var bits = 0; bits < 24; bits++) Add((byte)(bits % 3), (byte)(bits / 3 & 1), (byte)(bits / 6 & 1), (byte)(bits / 12));
        }
    }
}
