using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Tests.Bootstrap;

public sealed class ClusterIdentityTests
{
    [Theory]
    [InlineData("west", true)]
    [InlineData("w", true)]
    [InlineData("eu-1a", true)]
    [InlineData("a2345678901234567890123456789012", true)]
    [InlineData("a23456789012345678901234567890123", false)]
    [InlineData("", false)]
    [InlineData("default", false)]
    [InlineData("West", false)]
    [InlineData("-west", false)]
    [InlineData("west-", false)]
    [InlineData("we.st", false)]
    [InlineData("../west", false)]
    [InlineData("west\n", false)]
    public void Name_AsCiliumWantsIt_IsTakenOrRefused(string name, bool taken) => Assert.Equal(taken, ClusterIdentity.NameError(name) is null);

    [Theory]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(0, false)]
    [InlineData(256, false)]
    [InlineData(-1, false)]
    public void Id_OfAMesh_IsFrom1To255(int id, bool taken) => Assert.Equal(taken, ClusterIdentity.IdError(id) is null);
}
