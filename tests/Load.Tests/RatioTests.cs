using ClusterMesh.Load.Bench;

namespace ClusterMesh.Load.Tests;

public sealed class RatioTests
{
    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    [InlineData(new[] { 7.0 }, 7.0)]
    public void Median_OfValuesInAnyOrder_IsTheMiddle(double[] values, double expected) => Assert.Equal(expected, Ratio.Median(values));

    [Fact]
    public void Ratio_OfPairedRounds_ComparesWithinTheRound()
    {
        // The machine is half as fast in round 2: both sides suffer, the ratio does not.
        Sample[] samples =
        [
            new("r", "a", 1, 50), new("r", "b", 1, 100), new("r", "a", 2, 25), new("r", "b", 2, 50), new("r", "a", 3, 90), new("r", "b", 3, 100),
            new("other", "a", 1, 1), new("r", "c", 1, 1),
        ];

        Assert.Equal(new Ratio("a-vs-b", 0.5), Ratio.Of("a-vs-b", samples, "r", "a", "b"));
    }

    [Fact]
    public void Ratio_OfASideThatWasNotMeasured_IsNone() => Assert.Null(Ratio.Of("x", [new("r", "a", 1, 1)], "r", "a", "b"));

    [Fact]
    public void Ratio_AsText_IsWhatScriptsRead() => Assert.Equal("ratio a-vs-b 0.500", new Ratio("a-vs-b", 0.5).ToString());
}
