using ClusterMesh.Agent.Hosting;

namespace ClusterMesh.Agent.Tests.Hosting;

public sealed class MirrorDutyTests
{
    [Theory]
    [InlineData(false, false, null, false)]
    [InlineData(false, false, "n2", false)]
    [InlineData(false, true, "n1", true)]
    // The lock is lost, and nobody is known to have it: the own etcd may be away.
    [InlineData(true, false, null, true)]
    [InlineData(true, false, "n1", true)]
    [InlineData(true, false, "n2", false)]
    public void Decide_ByWhoLeads_KeepsMirroringUntilAnotherOneDoes(bool mirroring, bool leads, string? leader, bool expected) =>
        Assert.Equal(expected, MirrorDuty.Decide(mirroring, leads, leader, "n1"));
}
