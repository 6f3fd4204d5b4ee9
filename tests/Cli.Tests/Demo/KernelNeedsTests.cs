using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Demo.Kernel;

namespace ClusterMesh.Cli.Tests.Demo;

public sealed class KernelNeedsTests : IDisposable
{
    private static readonly string[] All = ["CapInh:\t0000000000000000", "CapEff:\t000001ffffffffff"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("clustermesh-needs-");

    public KernelNeedsTests()
    {
        foreach (var tool in new[] { "ip", "nft", "nsenter", "setsid", "flock" }) File.WriteAllText(Path.Combine(_root.FullName, tool), "");
        File.WriteAllText(Path.Combine(_root.CreateSubdirectory("bpf").FullName, "from_container.o"), "");
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Missing_WithEverything_IsNothing() => Assert.Null(KernelNeeds.Missing(true, All, $"/nowhere:{_root}", ["/nowhere", _root.FullName]));

    [Theory]
    [InlineData("CapEff:\t00000000a80425fb")]
    [InlineData("CapEff:\t000001ffffffefff")]
    [InlineData("CapEff:\t000001ffffdfffff")]
    [InlineData("CapEff:\tnonsense")]
    [InlineData("Name:\tclustermesh")]
    public void Missing_ForRootOfAContainer_AreCapabilities(string status) =>
        Assert.Equal("that needs CAP_NET_ADMIN and CAP_SYS_ADMIN, which root does not have here", KernelNeeds.Missing(true, [status], _root.FullName, [_root.FullName]));

    [Fact]
    public void Missing_WithoutRootProgramsOrTool_NamesWhatIsNeeded()
    {
        Assert.Equal("that needs root", KernelNeeds.Missing(false, All, _root.FullName, [_root.FullName]));
        Assert.StartsWith("its programs were not built (make bpf", KernelNeeds.Missing(true, All, _root.FullName, ["/nowhere"]));
        File.Delete(Path.Combine(_root.FullName, "nft"));
        Assert.Equal("there is no nft on the path", KernelNeeds.Missing(true, All, _root.FullName, [_root.FullName]));
    }

    [Fact]
    public void Report_WithoutTheKernel_SaysWhatIsLeftOutAndWhy() =>
        Assert.Equal("left out: the rows of the data path in the kernel, where a pod asks for a ClusterIP; that needs root", DemoReport.LeftOut("that needs root"));
}
