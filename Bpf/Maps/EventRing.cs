using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Maps;

/// <summary>
/// Takes events out of the ring that all programs write to. One reader only, by one thread at a time: what it has taken nobody else
/// sees. What did not fit is counted as <see cref="PassReason.LostEvent"/>.
/// </summary>
public sealed unsafe class EventRing : IDisposable
{
    /// <summary>What one <see cref="Poll"/> gives at most: whoever writes faster than we read must not keep it from returning.</summary>
    public const int MostAtOnce = 4096;

    // What libbpf is told to stop with, and gives back.
    private const int Stop = -125;

    private readonly GCHandle _self;
    private List<Event> _taken = [];
    private nint _ring;

    internal EventRing(BpfMap map)
    {
        _self = GCHandle.Alloc(this);
        _ring = NativeMap.NewRing(map.Descriptor, &Take, GCHandle.ToIntPtr(_self), 0);
        if (_ring != 0) return;
        var errno = Marshal.GetLastPInvokeError();
        _self.Free();
        throw new BpfException($"map {map.Name}: open the ring", errno);
    }

    /// <summary>Waits for the first event at most that long, and gives those that are there, the rest the next time.</summary>
    public List<Event> Poll(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_ring == 0, this);
        var error = NativeMap.PollRing(_ring, (int)timeout.TotalMilliseconds);
        // A signal ends the wait early.
        if (error < 0 && error is not (-4 or Stop)) throw new BpfException("ring of events: poll", -error);
        var taken = _taken;
        _taken = [];
        return taken;
    }

    public void Dispose()
    {
        if (_ring == 0) return;
        NativeMap.FreeRing(_ring);
        _ring = 0;
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Take(nint context, void* sample, nuint size)
    {
        // Of another layout: none that this program could read.
        var taken = ((EventRing)GCHandle.FromIntPtr(context).Target!)._taken;
        if (size >= (nuint)sizeof(Event)) taken.Add(Unsafe.ReadUnaligned<Event>(sample));
        return taken.Count < MostAtOnce ? 0 : Stop;
    }
}
