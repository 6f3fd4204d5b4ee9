using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Measuring;

/// <summary>One side of a comparison: a kind of traffic on one of the paths.</summary>
internal sealed class Contender : IDisposable
{
    private readonly Netns _client;
    private ITraffic _traffic = null!;

    public Contender(string name, Netns client, Func<ITraffic> traffic)
    {
        (Name, _client) = (name, client);
        client.In(() => _traffic = traffic());
    }

    public string Name { get; }

    /// <summary>How many a second, in a slice of that length after a warm-up.</summary>
    public double Rate(TimeSpan slice)
    {
        var rate = 0.0;
        _client.In(() =>
        {
            Core.Pin(Core.OfTraffic);
            var time = TimeProvider.System;
            _traffic.Run(time.GetTimestamp() + ((long)(slice.TotalSeconds / 5 * time.TimestampFrequency)));
            var begun = time.GetTimestamp();
            var done = _traffic.Run(begun + (long)(slice.TotalSeconds * time.TimestampFrequency));
            rate = done / time.GetElapsedTime(begun).TotalSeconds;
        });
        return rate;
    }

    public void Dispose() => _traffic.Dispose();
}
