using System.Runtime.CompilerServices;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Maps;

/// <summary>An array with one value for each CPU, of which the sum matters.</summary>
internal sealed unsafe class PerCpuArray<TValue>(BpfMap map) where TValue : unmanaged
{
    private readonly int _cpus = NativeMap.PossibleCpus();

    // The kernel rounds each CPU's value up to 8 bytes.
    private static int Stride => (Unsafe.SizeOf<TValue>() + 7) & ~7;

    /// <summary>The values of all CPUs at that index.</summary>
    public TValue[] Read(uint index)
    {
        var buffer = new byte[Stride * _cpus];
        fixed (byte* bytes = buffer)
        {
            var error = NativeMap.Lookup(map.Descriptor, &index, bytes);
            if (error < 0) throw new BpfException($"map {map.Name}: look up {index}", -error);
            var values = new TValue[_cpus];
            for (var cpu = 0; cpu < _cpus; cpu++) values[cpu] = Unsafe.ReadUnaligned<TValue>(bytes + cpu * Stride);
            return values;
        }
    }
}
