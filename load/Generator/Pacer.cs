using System.Runtime.InteropServices;

namespace ClusterMesh.Load.Generator;

/// <summary>Calls back once per scheduled request, from a thread of its own: .NET's timers are too coarse for thousands a second.</summary>
internal sealed class Pacer
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;

    private readonly Schedule _schedule;
    private readonly TimeProvider _time;
    private readonly Action<long> _send;
    private readonly Thread _thread;
    private volatile bool _stopped;

    /// <param name="send">Takes the intended send time; must not block.</param>
    public Pacer(Schedule schedule, TimeProvider time, Action<long> send)
    {
        _schedule = schedule;
        _time = time;
        _send = send;
        _thread = new Thread(Run) { IsBackground = true, Name = "pacer" };
    }

    public void Start() => _thread.Start();

    public void Stop()
    {
        _stopped = true;
        _thread.Join();
    }

    private void Run()
    {
        for (long next = 0; !_stopped;)
        {
            for (var due = _schedule.DueAt(_time.GetTimestamp()); next < due && !_stopped; next++)
                _send(_schedule.IntendedAt(next));
            SleepUntil(_schedule.IntendedAt(next));
        }
    }

    /// <summary>.NET's timestamps on Linux are CLOCK_MONOTONIC in nanoseconds, so they serve as absolute wake-up times.</summary>
    private static void SleepUntil(long timestamp)
    {
        var at = new Timespec { Seconds = timestamp / 1_000_000_000, Nanoseconds = timestamp % 1_000_000_000 };
        _ = clock_nanosleep(ClockMonotonic, AbsoluteTime, ref at, 0);
    }

    [DllImport("libc")]
    private static extern int clock_nanosleep(int clock, int flags, ref Timespec request, nint remain);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
