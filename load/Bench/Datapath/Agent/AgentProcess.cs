using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Agent;

/// <summary>The real agent in a node's namespace, gone with this process however that ends.</summary>
internal sealed class AgentProcess : IDisposable
{
    private static readonly IPEndPoint s_admin = new(IPAddress.Loopback, 9902);
    private readonly Netns _netns;
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    public AgentProcess(Netns netns, params IEnumerable<string> flags)
    {
        _netns = netns;
        string[] command =
        [
            "--pdeathsig", "KILL", "--", "nsenter", $"--net={netns.Path}", "dotnet", Path.Combine(AppContext.BaseDirectory, "clustermesh-agent.dll"),
            "--admin", s_admin.ToString(), .. flags,
        ];
        _process = Process.Start(new ProcessStartInfo("setpriv", command) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string LastWords
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Field of proc_pid_status(5), in MiB.</summary>
    public double Memory(string field) => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith($"{field}:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Of BPF maps that it holds, in MiB: the kernel charges them to nobody's resident memory.</summary>
    public double MapMemory() => Directory.GetFiles($"/proc/{_process.Id}/fdinfo").Select(Fields)
        .Where(fields => fields.ContainsKey("map_id")).DistinctBy(fields => fields["map_id"])
        .Sum(fields => double.Parse(fields["memlock"], CultureInfo.InvariantCulture)) / 1048576;

    /// <summary>The body of an admin page, or null while it is not there or not well.</summary>
    public string? Get(string path)
    {
        if (_process.HasExited) throw new InvalidOperationException($"the agent has ended with {_process.ExitCode}: {LastWords}");
        byte[] answer = [];
        try
        {
            _netns.In(() => answer = Exchange($"GET {path} HTTP/1.0\r\n\r\n"));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(answer);
        return text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..] : null;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_said) _said.AppendLine(line);
    }

    private static byte[] Exchange(string request)
    {
        var connection = TcpSocket.Connect(s_admin);
        connection.Send(Encoding.ASCII.GetBytes(request));
        var (answer, buffer) = (new MemoryStream(), new byte[65_536]);
        for (var count = connection.Receive(buffer); count > 0; count = connection.Receive(buffer)) answer.Write(buffer, 0, count);
        connection.Close();
        return answer.ToArray();
    }

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
