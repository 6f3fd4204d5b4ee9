using System.Runtime.CompilerServices;

namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>One moment's reading of one or more series; not cumulated over the buckets.</summary>
internal struct DurationReading
{
    public BucketCounts Counts;
    public long Ticks;

    [InlineArray(RequestSeries.Buckets)]
    internal struct BucketCounts
    {
        private long _first;
    }
}
