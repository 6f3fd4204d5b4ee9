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

    /// <summary>How many for a second of the core's time, in a slice of that length after a warm-up.</summary>
    public double Rate(TimeSpan slice)
    {
        var rate = 0.0;
        _client.In(() =>
        {
            Core.Pin(Core.OfTraffic);
            _traffic.Run(In(slice / 5));
            var begun = Cpu();
            var done = _traffic.Run(In(slice));
            rate = done / (Cpu() - begun).TotalSeconds;
        });
        return rate;
    }

    public void Dispose() => _traffic.Dispose();

    private static long In(TimeSpan time) => TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);

    private TimeSpan Cpu() => CpuClock.OfCallingThread() + _traffic.ServerCpu + CpuClock.OfSoftIrqs(Core.OfTraffic);
}
