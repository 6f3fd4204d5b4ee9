using System.Net;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Control;

namespace ClusterMesh.Lab.Tests.Control;

public sealed class PodAddressesTests
{
    [Fact]
    public void Address_GivenBack_IsUsedAgainLast()
    {
        var addresses = new PodAddresses(IPNetwork.Parse("10.1.2.0/24"));
        var first = addresses.Take();
        Assert.Equal("10.1.2.11", $"{first}");
        addresses.Release(first);
        Assert.Equal(Enumerable.Range(12, 242).Append(11).Select(number => $"10.1.2.{number}"), Enumerable.Range(0, 243).Select(_ => $"{addresses.Take()}"));
        Assert.Throws<LabException>(() => addresses.Take());
    }
}
