using System.Globalization;
using ClusterMesh.Cli.Lab.Nodes;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>As the README has it: the node's proxy and the gateway are nobody in particular, with two capabilities.</summary>
[Collection(RequestDrills.Name)]
public sealed class ProxyRightsDrill(TunnelledClusters clusters)
{
    private const string Node = "cluster-1-node-1";

    // CAP_NET_ADMIN and CAP_BPF.
    private const ulong Two = (1UL << 12) | (1UL << 39);

    [KernelTheory]
    [InlineData("clustermesh-proxy")]
    [InlineData("clustermesh-ingress")]
    public async Task Process_OfANode_HasTwoCapabilitiesAndNoMore(string program)
    {
        var pid = await ProcessAsync(program);
        foreach (var set in new[] { "CapEff", "CapPrm", "CapInh", "CapAmb" }) Assert.Equal(Two, ulong.Parse(Assert.Single(NodeProxyProcess.Status(pid, set)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    [ReadableTheory]
    [InlineData("clustermesh-proxy")]
    [InlineData("clustermesh-ingress")]
    public async Task Process_OfANode_IsNotRootAndInNoGroupButItsOwn(string program)
    {
        var pid = await ProcessAsync(program);
        // Real, effective, saved and of the file system.
        foreach (var field in new[] { "Uid", "Gid" }) Assert.Equal(Enumerable.Repeat($"{ProxyPrivileges.Group}", 4), NodeProxyProcess.Status(pid, field));
        Assert.Empty(NodeProxyProcess.Status(pid, "Groups"));
    }

    private async Task<int> ProcessAsync(string program)
    {
        var processes = new NodeProxyProcess(clusters.Lab.Node(Node).Netns, program);
        await Eventually.TrueAsync(async () => (await processes.AllAsync()).Count == 1, "those of the drill before have ended", 60);
        return (await processes.AllAsync())[0];
    }

    /// <summary>Programs in somebody's home nobody else may read: there the lab's proxies stay root, without root's rights.</summary>
    private sealed class ReadableTheoryAttribute : TheoryAttribute
    {
        public ReadableTheoryAttribute() => Skip = KernelRing.Missing ?? KernelRing.Unless(IsReadable(new(AppContext.BaseDirectory)), "others may not enter the directory of the programs, where the lab's proxies stay root");

        private static bool IsReadable(DirectoryInfo? directory) => directory is null || (directory.UnixFileMode.HasFlag(UnixFileMode.OtherExecute) && IsReadable(directory.Parent));
    }
}
