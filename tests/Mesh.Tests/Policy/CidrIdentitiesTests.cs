using System.Net;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Mesh.Tests.Policy;

public sealed class CidrIdentitiesTests
{
    [Theory]
    [InlineData(CidrIdentities.First)]
    [InlineData(CidrIdentities.Last)]
    public void Number_WithoutTheBitThatAMarkLoses_IsNobodysElse(uint number)
    {
        var marked = number & 0xffffff;
        Assert.NotEqual(number, marked);
        Assert.False(NumericIdentity.IsReserved(marked));
        Assert.False(NumericIdentity.ClusterOf(marked) is >= NumericIdentity.MinClusterId and <= NumericIdentity.MaxClusterId);
    }

    [Fact]
    public void With_MoreCidrsThanNumbers_NumbersAsManyAsThereAreAndCountsTheRest()
    {
        var numbers = (int)(CidrIdentities.Last - CidrIdentities.First + 1);
        var cidrs = Enumerable.Range(0, numbers + 2).Select(i => new IPNetwork(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 32)).ToArray();
        var all = CidrIdentities.None.With(cidrs);
        Assert.Equal((numbers, 2), (all.ByCidr.Values.Distinct().Count(), all.Unnumbered));
        Assert.All(all.ByCidr.Values, number => Assert.InRange(number, CidrIdentities.First, CidrIdentities.Last));

        // When some have gone there is room for the others.
        var fewer = all.With(cidrs[2..]);
        Assert.Equal((numbers, 0), (fewer.ByCidr.Values.Distinct().Count(), fewer.Unnumbered));
    }
}
