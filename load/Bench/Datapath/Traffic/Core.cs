using System.Runtime.InteropServices;

namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>
/// Both ends of the traffic share one core, and so do the kernel's parts in between: 1/rate is the CPU time of the whole path, and where the
/// scheduler puts things does not matter.
/// </summary>
internal static unsafe partial class Core
{
    public static int OfTraffic { get; } = Environment.ProcessorCount - 1;

    public static int OfReaders => 0;

    /// <summary>Away from the clients and the backends, as a proxy is measured.</summary>
    public static int OfProxies => 0;

    /// <summary>The calling thread, for good.</summary>
    public static void Pin(int core)
    {
        var mask = 1ul << core;
        if (SetAffinity(0, sizeof(ulong), &mask) != 0) throw new InvalidOperationException($"sched_setaffinity to core {core}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
