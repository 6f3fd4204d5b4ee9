using System.Globalization;

namespace ClusterMesh.Load.Bench;

/// <summary>CPU time that a process has used, from the kernel's own account.</summary>
internal static class Cpu
{
    /// <summary>USER_HZ is 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static TimeSpan UsedBy(int process) => Parse(File.ReadAllText($"/proc/{process}/stat"));

    /// <summary>Fields 14 and 15 of proc_pid_stat(5), user and system; the name in field 2 may hold spaces and brackets.</summary>
    public static TimeSpan Parse(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
