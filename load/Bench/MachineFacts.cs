using System.Globalization;
using System.Runtime.InteropServices;

namespace ClusterMesh.Load.Bench;

/// <summary>Where figures come from: without it they cannot be compared.</summary>
internal static class MachineFacts
{
    public static IEnumerable<string> Lines()
    {
        yield return $"# cpu {Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, memory {Field("/proc/meminfo", "MemTotal")}";
        yield return $"# kernel {RuntimeInformation.OSDescription}, runtime {RuntimeInformation.FrameworkDescription}";
        var load = File.ReadAllText("/proc/loadavg").Trim();
        yield return $"# load average at the start {load}";
        if (IsBusy(load))
            yield return "# WARNING: the machine was busy with other work: do not quote these figures";
    }

    /// <summary>More than half a core in use before the bench has begun.</summary>
    internal static bool IsBusy(string loadAverage) => double.Parse(loadAverage.Split(' ')[0], CultureInfo.InvariantCulture) > 0.5;

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
