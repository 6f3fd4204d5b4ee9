using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Proxy.Node;

namespace ClusterMesh.Proxy.Tests.Node;

public sealed class FrontendAddressesTests
{
    private readonly FrontendAddresses _addresses = new();

    [Fact]
    public void ServiceOf_EveryKindOfAddress_IsTheServices()
    {
        _addresses.Apply(Mesh(1, Service("web", "10.96.0.1") with
        {
            Exposure = new() { MoreClusterIPs = ["10.96.0.2"], LoadBalancerIPs = ["192.0.2.1"], ExternalIPs = ["192.0.2.2"] },
        }));
        foreach (var address in new[] { "10.96.0.1", "10.96.0.2", "192.0.2.1", "192.0.2.2" }) Assert.Equal(Key("web"), _addresses.ServiceOf(IPAddress.Parse(address)));
        Assert.Null(_addresses.ServiceOf(IPAddress.Parse("192.0.2.3")));
    }

    [Fact]
    public void Apply_OfTwoWhoHaveOneAddress_TheOlderOneKeepsIt()
    {
        var (old, young) = (Service("b", "10.96.0.1"), Service("a", "10.96.0.1"));
        _addresses.Apply(Mesh(1, old with { Meta = old.Meta with { CreationTimestamp = DateTimeOffset.UnixEpoch } }, young with { Meta = young.Meta with { CreationTimestamp = DateTimeOffset.UnixEpoch.AddDays(1) } }));
        Assert.Equal(Key("b"), _addresses.ServiceOf(IPAddress.Parse("10.96.0.1")));
    }

    [Fact]
    public void Apply_TheNextSnapshot_BringsWhatCameAndTakesWhatWent()
    {
        _addresses.Apply(Mesh(1, Service("web", "10.96.0.1")));
        _addresses.Apply(Mesh(2, Service("web", "10.96.0.9")) with { Changed = [Key("web")] });
        Assert.Null(_addresses.ServiceOf(IPAddress.Parse("10.96.0.1")));
        Assert.Equal(Key("web"), _addresses.ServiceOf(IPAddress.Parse("10.96.0.9")));
        _addresses.Apply(Mesh(3) with { Changed = [Key("web")] });
        Assert.Null(_addresses.ServiceOf(IPAddress.Parse("10.96.0.9")));
    }

    [Theory]
    [InlineData("None")]
    [InlineData("")]
    [InlineData("nonsense")]
    public void Apply_WhatIsNoAddress_IsPassedOver(string address)
    {
        _addresses.Apply(Mesh(1, Service("web", address), Service("db", "10.96.0.2")));
        Assert.Equal(Key("db"), _addresses.ServiceOf(IPAddress.Parse("10.96.0.2")));
    }

    private static ObjectKey Key(string name) => new("default", name);

    private static ServiceObject Service(string name, string address) => new(new(Key(name)), [new("http", 80)], address);

    private static MeshSnapshot Mesh(long version, params ServiceObject[] services) => new(
        version, new("west"), ImmutableSortedDictionary<string, ClusterStatus>.Empty,
        services.ToImmutableDictionary(service => service.Key, service => new ServiceModel(service, ServiceMode.NotGlobal, [])), []);
}
