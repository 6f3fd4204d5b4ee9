namespace ClusterMesh.Connectivity.Tests;

/// <summary>By routes everywhere.</summary>
public sealed class DirectClusters() : TwoClusters("direct");

/// <summary>By routes in a cluster, through VXLAN between clusters.</summary>
public sealed class HybridClusters() : TwoClusters("hybrid");

/// <summary>What all modes have in common, without tunnels.</summary>
public sealed class DirectRoutingTests(DirectClusters clusters) : IClassFixture<DirectClusters>
{
    [KernelTheory]
    [InlineData("no-policies")]
    [InlineData("no-policies-extra")]
    [InlineData("no-policies-from-outside")]
    [InlineData("pod-to-pod-no-frag")]
    [InlineData("pod-to-itself-via-service")]
    [InlineData("seed-global")]
    [InlineData("seed-policy")]
    [InlineData("client-egress")]
    [InlineData("all-ingress-deny")]
    public async Task Scenario_PlayedWithoutTunnels_EverythingIsAsWritten(string name)
    {
        await using var scenario = new Scenario(clusters.Lab);
        // No tunnel takes its part of the packets.
        await scenario.PlayAsync(TwoClusters.Scenario(name).Replace(":1422", ":1472").Replace(":1423", ":1473").Replace("10.2.1.0/24 tunnel 172.31.2.11", "10.2.1.0/24 direct"));
    }
}

/// <summary>What all modes have in common, with tunnels between clusters only.</summary>
public sealed class HybridRoutingTests(HybridClusters clusters) : IClassFixture<HybridClusters>
{
    [KernelTheory]
    [InlineData("no-policies")]
    [InlineData("no-policies-extra")]
    [InlineData("no-policies-from-outside")]
    [InlineData("pod-to-pod-no-frag")]
    [InlineData("seed-global")]
    [InlineData("seed-policy")]
    [InlineData("client-egress")]
    public async Task Scenario_PlayedWithTunnelsBetweenClusters_EverythingIsAsWritten(string name)
    {
        await using var scenario = new Scenario(clusters.Lab);
        await scenario.PlayAsync(TwoClusters.Scenario(name));
    }
}
