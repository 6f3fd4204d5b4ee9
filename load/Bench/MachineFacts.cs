using System.Runtime.InteropServices;

namespace ClusterMesh.Load.Bench;

/// <summary>Where figures come from: without it they cannot be compared.</summary>
internal static class MachineFacts
{
    public static IEnumerable<string> Lines()
    {
        yield return $"# cpu {Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, memory {Field("/proc/meminfo", "MemTotal")}";
        yield return $"# kernel {RuntimeInformation.OSDescription}, runtime {RuntimeInformation.FrameworkDescription}";
        yield return $"# load average at the start {File.ReadAllText("/proc/loadavg").Trim()}";
    }

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
