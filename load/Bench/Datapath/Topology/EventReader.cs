using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Topology;

/// <summary>Takes the events as an agent does, on another core than the traffic: a ring that nobody reads is full, and cheap.</summary>
internal sealed class EventReader : IDisposable
{
    /// <summary>After each look: whoever waits at the ring is woken by every event, which costs the packet more than all else.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    private readonly EventRing _ring;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();

    public EventReader(Datapath datapath)
    {
        _ring = datapath.OpenEvents();
        _thread = new(() =>
        {
            Core.Pin(Core.OfReaders);
            do
                _ring.Poll(TimeSpan.FromMilliseconds(50));
            while (!_stop.Wait(s_pause));
        }) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _ring.Dispose();
    }
}
