using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Topology;

/// <summary>Takes the events as an agent does, on another core than the traffic: a ring that nobody reads is full, and cheap.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly EventRing _ring;
    private readonly Thread _thread;
    private volatile bool _stop;

    public EventReader(Datapath datapath)
    {
        _ring = datapath.OpenEvents();
        _thread = new(() =>
        {
            Core.Pin(Core.OfReaders);
            while (!_stop) _ring.Poll(TimeSpan.FromMilliseconds(50));
        }) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _ring.Dispose();
    }
}
