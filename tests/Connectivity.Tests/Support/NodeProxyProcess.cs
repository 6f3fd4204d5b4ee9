using System.Globalization;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>The processes of a node's proxy: one, and for a while more where one takes over from another. Or those of its gateway.</summary>
internal sealed class NodeProxyProcess(NetworkNamespace node, string program = "clustermesh-proxy")
{
    public async Task<IReadOnlyList<int>> AllAsync()
    {
        var outcome = await Tool.RunAsync("ip", ["netns", "pids", node.Name]);
        return [.. outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).Where(IsProxy)];
    }

    /// <param name="signal">By its name: TERM.</param>
    public async Task SignalAsync(string signal) => await Tool.RunAsync("kill", [$"-{signal}", .. (await AllAsync()).Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Resident memory in MiB, of all of them.</summary>
    public async Task<long> MemoryAsync() => (await AllAsync()).Sum(pid => Kilobytes(pid)) / 1024;

    /// <summary>The values of a line of its status; none = it has ended.</summary>
    public static string[] Status(int pid, string field) =>
        Read($"/proc/{pid}/status").Split('\n').FirstOrDefault(line => line.StartsWith($"{field}:", StringComparison.Ordinal)) is { } line
            ? line[(field.Length + 1)..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : [];

    private static long Kilobytes(int pid) => Status(pid, "VmRSS") is [var kilobytes, ..] ? long.Parse(kilobytes, CultureInfo.InvariantCulture) : 0;

    private bool IsProxy(int pid) => Read($"/proc/{pid}/cmdline").Split('\0').Any(word => Path.GetFileNameWithoutExtension(word) == program || Path.GetFileName(word) == program);

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
