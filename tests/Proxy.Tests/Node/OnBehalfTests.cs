using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Policy.Selectors;
using ClusterMesh.Proxy.Forward;

namespace ClusterMesh.Proxy.Tests.Node;

public sealed class OnBehalfTests
{
    private const uint Cidr = 1 << 24;

    /// <summary>As the programs read it (contract.h): what MarkedIdentityTests shows of them.</summary>
    [Theory]
    [InlineData(8u)]
    [InlineData(0x00ff_ffffu)]
    [InlineData(0x0001_0000u)]
    [InlineData(CidrIdentities.First)]
    [InlineData(CidrIdentities.Last)]
    public void Mark_OfAnIdentity_SaysWhichItWas(uint identity)
    {
        var mark = (uint)new OnBehalf(identity, null).Mark;
        Assert.Equal((uint)Mark.FromProxy, mark & (uint)Mark.Mask);
        var kept = mark >> 8;
        Assert.Equal(identity, kept is >= 256 and <= 0xffff ? kept | Cidr : kept);
    }
}
