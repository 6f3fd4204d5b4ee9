using System.Globalization;
using System.Net;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench.Agent;

/// <summary>The real agent in a node's namespace.</summary>
internal sealed class AgentProcess : IDisposable
{
    private static readonly IPEndPoint s_admin = new(IPAddress.Loopback, 9902);
    private readonly Netns _netns;
    private readonly NetnsProcess _process;

    public AgentProcess(Netns netns, params IEnumerable<string> flags)
    {
        _netns = netns;
        _process = new(netns, null, ["dotnet", Path.Combine(AppContext.BaseDirectory, "clustermesh-agent.dll"), "--admin", s_admin.ToString(), .. flags]);
    }

    public string LastWords => _process.Said;

    /// <summary>Field of proc_pid_status(5), in MiB.</summary>
    public double Memory(string field) => _process.Memory(field);

    /// <summary>Of BPF maps that it holds, in MiB: the kernel charges them to nobody's resident memory.</summary>
    public double MapMemory() => Directory.GetFiles($"/proc/{_process.Id}/fdinfo").Select(Fields)
        .Where(fields => fields.ContainsKey("map_id")).DistinctBy(fields => fields["map_id"])
        .Sum(fields => double.Parse(fields["memlock"], CultureInfo.InvariantCulture)) / 1048576;

    /// <summary>The body of an admin page, or null while it is not there or not well.</summary>
    public string? Get(string path)
    {
        _process.ThrowIfEnded();
        return HttpGet.From(_netns, s_admin, path);
    }

    public void Dispose() => _process.Dispose();

    private static Dictionary<string, string> Fields(string file)
    {
        try
        {
            return File.ReadLines(file).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2).DistinctBy(parts => parts[0]).ToDictionary(parts => parts[0], parts => parts[1].Trim());
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return [];
        }
    }
}
