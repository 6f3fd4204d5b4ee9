using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Tests;

public sealed class LogHistogramTests
{
    [Fact]
    public void Buckets_OfGrowingValues_LeaveNoGapAndKeepOrder()
    {
        for (var bucket = 0; bucket < 2000; bucket++)
        {
            var last = LogHistogram.LastOf(bucket);
            Assert.Equal(bucket, LogHistogram.BucketOf(last));
            Assert.Equal(bucket + 1, LogHistogram.BucketOf(last + 1));
        }
    }

    [Fact]
    public void Bucket_OfTheLargestValue_Exists() => new LogHistogram().Add(long.MaxValue);

    [Fact]
    public void Quantile_OfUniformValues_IsWithinOneBucketAbove()
    {
        var histogram = new LogHistogram();
        for (var value = 1; value <= 100_000; value++)
            histogram.Add(value);

        foreach (var quantile in (double[])[0.01, 0.5, 0.9, 0.99, 0.999])
            Assert.InRange(histogram.Quantile(quantile), quantile * 100_000, quantile * 100_000 * 1.016);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.99, 1)]
    [InlineData(0.995, 1_000_000)]
    public void Quantile_OfAHundredWithOneSlow_FindsItOnlyAboveItsRank(double quantile, long expected)
    {
        var histogram = new LogHistogram();
        for (var i = 0; i < 99; i++)
            histogram.Add(1);
        histogram.Add(1_000_000);

        Assert.Equal(expected, histogram.Quantile(quantile));
    }

    [Fact]
    public void Max_IsExact()
    {
        var histogram = new LogHistogram();
        histogram.Add(123_456_789);
        histogram.Add(3);

        Assert.Equal(123_456_789, histogram.Max);
        Assert.Equal(123_456_789, histogram.Quantile(1));
    }

    [Fact]
    public void Quantile_OfNothing_IsZero() => Assert.Equal(0, new LogHistogram().Quantile(0.99));

    [Fact]
    public void Add_OfAnother_CountsBoth()
    {
        var (one, other) = (new LogHistogram(), new LogHistogram());
        one.Add(1);
        other.Add(100);
        one.Add(other);

        Assert.Equal((2, 100, 1), (one.Count, one.Max, one.Quantile(0.5)));
    }
}
