using System.Collections.Immutable;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

public sealed class BackendWeightsTests
{
    [Theory]
    [InlineData("5:3", "1 1 1")]
    [InlineData("75:2 25:1", "3 3 2")]
    [InlineData("1:3 1:2 1:1", "2 2 2 3 3 6")]
    [InlineData("333333:1 666667:1", "333333 666667")]
    public void Of_SmallPools_AreSmallWholeNumbers(string pools, string weights) => Assert.Equal(weights, string.Join(' ', Of(pools)));

    [Fact]
    public void Of_NoPools_IsNothingForAnybody() => Assert.Equal([0, 0], BackendWeights.Of([], 2));

    [Theory]
    [InlineData("1000000:4999 999999:4993 7:4987 1:4973")]
    [InlineData("1:5000 1000000:1")]
    [InlineData("1000000:997 1000000:991 1000000:983 1000000:977 1000000:971 1:967")]
    [InlineData("75:7 25:11")]
    public void Of_AnyPools_SharesAreExactToAMillionth(string text)
    {
        var pools = Pools(text);
        var weights = Of(text);
        var total = weights.Aggregate(0.0, (sum, weight) => sum + weight);
        Assert.All(weights, weight => Assert.InRange(weight, 1, 1L << 41));
        Assert.All(pools, pool =>
        {
            var share = (double)pool.Weight / pools.Sum(other => other.Weight);
            Assert.Equal(share, pool.Members.Sum(member => weights[member] / total), 1e-6);
            Assert.All(pool.Members, member => Assert.Equal(share / pool.Members.Length, weights[member] / total, 1e-6));
        });
    }

    private static long[] Of(string text) => BackendWeights.Of(Pools(text), Pools(text).Sum(pool => pool.Members.Length));

    // "75:2 25:1": weight and size.
    private static ImmutableArray<BackendPool> Pools(string text)
    {
        var next = 0;
        return [.. text.Split(' ').Select(part => part.Split(':')).Select(part =>
        {
            var members = Enumerable.Range(next, int.Parse(part[1])).ToImmutableArray();
            next += members.Length;
            return new BackendPool(members, [], long.Parse(part[0]), PoolReason.Weight);
        })];
    }
}
