using ClusterMesh.Mesh.Clusters.Connection;

namespace ClusterMesh.Mesh.Tests.Clusters;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0UL, 0.5)]
    [InlineData(ulong.MaxValue, 1.0)]
    public void Next_Doubles_UpToTheLongest(ulong chance, double share)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), new Always(chance));

        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => Math.Round(backoff.Next().TotalSeconds / share, 3)));
        backoff.Reset();
        Assert.Equal(1, Math.Round(backoff.Next().TotalSeconds / share, 3));
    }

    private sealed class Always(ulong number) : IChance
    {
        public ulong Next() => number;
    }
}
