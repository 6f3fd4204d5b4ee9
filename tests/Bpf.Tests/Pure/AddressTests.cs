using System.Net;
using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Tests.Pure;

public sealed class AddressTests
{
    [Theory]
    [InlineData("10.1.2.3", "00000000000000000000FFFF0A010203")]
    [InlineData("fd00::1", "FD000000000000000000000000000001")]
    public void Address_OfEitherFamily_IsSixteenBytesAndComesBack(string text, string bytes)
    {
        var address = new Address(IPAddress.Parse(text));
        Assert.Equal(bytes, Convert.ToHexString(MemoryMarshal.AsBytes([address])));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("10.1.0.0/16", 112u)]
    [InlineData("0.0.0.0/0", 96u)]
    [InlineData("fd00::/64", 64u)]
    public void Prefix_OfEitherFamily_CountsAllBits(string network, uint length) =>
        Assert.Equal(length, new Prefix(IPNetwork.Parse(network)).Length);

    [Fact]
    public void Port_InMemory_IsInNetworkOrder() =>
        Assert.Equal([0x1f, 0x90], MemoryMarshal.AsBytes([new Port(8080)]).ToArray());
}
