using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy.Tests.Split;

public sealed class WeightedSequenceTests
{
    [Theory]
    [InlineData(75, 25)]
    [InlineData(99, 1)]
    [InlineData(90, 9, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(999, 1)]
    [InlineData(333_333, 333_333, 333_334)]
    [InlineData(999_999, 1)]
    [InlineData(123_456, 876_544)]
    [InlineData(100, 0)]
    [InlineData(61, 39)]
    [InlineData(50_021, 49_979)]
    public void Draw_Any10000InARow_AreWithinATenthOfAPoint(params int[] weights)
    {
        var sequence = new WeightedSequence([.. weights.Select(weight => (long)weight)]);
        var counter = 7919L;
        var drawn = Enumerable.Range(0, 60_000).Select(_ => sequence.Draw(ref counter)).ToArray();
        for (var start = 0; start + 10_000 <= drawn.Length; start += 1_009)
        {
            var seen = new int[weights.Length];
            for (var i = 0; i < 10_000; i++) seen[drawn[start + i]]++;
            for (var i = 0; i < weights.Length; i++) Assert.InRange(seen[i] / 10_000.0, (weights[i] / (double)weights.Sum()) - 0.001, (weights[i] / (double)weights.Sum()) + 0.001);
        }
    }

    [Fact]
    public void Draw_HugeWeights_KeepTheirShares()
    {
        var sequence = new WeightedSequence([999_983_000_003, 333_327_666_667]);
        var counter = 0L;
        var first = Enumerable.Range(0, 10_000).Count(_ => sequence.Draw(ref counter) == 0);
        Assert.InRange(first, 7_490, 7_510);
    }

    [Fact]
    public void Draw_OverOnePeriod_IsExact()
    {
        var sequence = new WeightedSequence([75, 20, 5]);
        var counter = 0L;
        var seen = new int[3];
        for (var i = 0; i < 20; i++) seen[sequence.Draw(ref counter)]++;
        Assert.Equal([15, 4, 1], seen);
    }

    [Fact]
    public async Task Draw_FromAllCores_IsTogetherExact()
    {
        var sequence = new WeightedSequence([75, 25]);
        var counter = 0L;
        var seen = new int[2];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 25_000; i++) Interlocked.Increment(ref seen[sequence.Draw(ref counter)]);
        })));
        Assert.Equal([150_000, 50_000], seen);
    }
}
