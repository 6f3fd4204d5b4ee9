using System.Runtime.InteropServices;

namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>
/// CPU time by the scheduler's account. The kernel charges what it does to a packet to the thread that it happens to run
/// in, and here that is one of the two ends: their time is the path's, whoever else wants the core.
/// </summary>
internal static partial class CpuClock
{
    // CPUCLOCK_SCHED and CPUCLOCK_PERTHREAD of the kernel's posix-timers.h: the id of a clock is made of a process' or thread's.
    private const int Sched = 2, PerThread = 4;
    private const int CallingThread = 3;
    private const int EndedChildren = -1;
    private static readonly int?[] SoftIrqs = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(core => ProcessNamed($"ksoftirqd/{core}"))];

    public static int ThreadId() => GetThreadId();

    public static TimeSpan OfThread(int thread) => Read((~thread << 3) | PerThread | Sched);

    public static TimeSpan OfProcess(int process) => Read((~process << 3) | Sched);

    public static TimeSpan OfCallingThread() => Read(CallingThread);

    /// <summary>Of the core's thread that takes over where packets come faster than they can be done in passing; anybody's packets.</summary>
    public static TimeSpan OfSoftIrqs(int core) => SoftIrqs[core] is { } process ? OfProcess(process) : TimeSpan.Zero;

    /// <summary>Of all children of this process that have ended, for good.</summary>
    public static TimeSpan OfEndedChildren() => GetUsage(EndedChildren, out var usage) == 0
        ? TimeSpan.FromSeconds(usage.User.Seconds + usage.System.Seconds) + TimeSpan.FromMicroseconds(usage.User.Microseconds + usage.System.Microseconds)
        : throw new InvalidOperationException($"getrusage: {Marshal.GetLastPInvokeErrorMessage()}");

    private static TimeSpan Read(int clock) =>
        GetTime(clock, out var time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100) : throw new InvalidOperationException($"clock_gettime: {Marshal.GetLastPInvokeErrorMessage()}");

    private static int? ProcessNamed(string name) => Directory.GetDirectories("/proc")
        .Where(path => int.TryParse(Path.GetFileName(path), out _) && NameOf(path) == name)
        .Select(path => (int?)int.Parse(Path.GetFileName(path))).FirstOrDefault();

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").TrimEnd();
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetUsage(int who, out Usage usage);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    private readonly record struct TimeValue(long Seconds, long Microseconds);

    /// <summary>struct rusage; 14 numbers more that nobody reads.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private readonly record struct Usage(TimeValue User, TimeValue System);
}
