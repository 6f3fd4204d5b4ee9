using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>
/// Where a page's commands run: a folder that looks like the repository's root, with bin/ made by the same script, and the
/// page's ports, and what it has in /tmp, exchanged for its own.
/// </summary>
internal sealed class Stage : IDisposable
{
    private const int AdminPort = 9901, AgentPort = 9902;

    private readonly Dictionary<int, int> _ports = [];
    private readonly string _lab = $"docs{Environment.ProcessId}";
    private readonly bool _withAgent;

    public Stage(IReadOnlyCollection<string> lines)
    {
        IsLab = lines.Any(Page.IsLab);
        _withAgent = lines.Any(line => line.StartsWith("bin/clustermesh-agent ", StringComparison.Ordinal));
        foreach (var port in lines.SelectMany(line => Regex.Matches(line, @"127\.0\.0\.1:(\d+)")).Select(match => int.Parse(match.Groups[1].Value)).Append(AdminPort).Append(AgentPort).Distinct())
            _ports[port] = 0;
        Claim();
        Directory.CreateSymbolicLink(Path.Combine(Root, "artifacts"), Path.Combine(Repository.Root, "artifacts"));
        foreach (var file in Repository.Files.Where(file => file.StartsWith("docs/quick-start/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.Combine(Root, Path.GetDirectoryName(file)!));
            File.WriteAllText(Path.Combine(Root, file), Regex.Replace(Repository.Read(file), @"(?<=port: )\d{4,}", port => $"{_ports.GetValueOrDefault(int.Parse(port.Value), int.Parse(port.Value))}"));
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("clustermesh-docs-").FullName;

    /// <summary>Whole clusters, to which changes take a moment to come.</summary>
    public bool IsLab { get; }

    public Uri Ready => new($"http://127.0.0.1:{_ports[AdminPort]}/readyz");

    public async Task MakeCommandsAsync()
    {
        using var script = Process.Start(Shell($"'{Repository.Root}/scripts/link-commands.sh' artifacts/bin {Repository.Configuration}"))!;
        await script.WaitForExitAsync();
        Assert.Equal(0, script.ExitCode);
    }

    /// <summary>The line with the ports and the directory that it has here.</summary>
    public string Here(string line) =>
        Regex.Replace(Regex.Replace(line, @"(?<=127\.0\.0\.1:)\d+", port => $"{_ports[int.Parse(port.Value)]}"), @"^bin/clustermesh lab (up|down|status|exec|apply|(?:link|proxy) [a-z]+)\b", $"$0 --name {_lab}")
            .Replace(" /tmp/", $" {Root}/", StringComparison.Ordinal).Replace("/run/clustermesh/lab/lab/", $"/run/clustermesh/lab/{_lab}/", StringComparison.Ordinal);

    public ProcessStartInfo Shell(string line)
    {
        var shell = new ProcessStartInfo("/bin/sh", ["-c", line])
        {
            WorkingDirectory = Root,
            Environment =
            {
                ["CLUSTERMESH_ADMIN"] = $"http://127.0.0.1:{_ports[AdminPort]}",
                ["CLUSTERMESH_INGRESS_ADMIN"] = $"127.0.0.1:{_ports[AdminPort]}",
                ["CLUSTERMESH_INGRESS_WARM_UP"] = "0s",
                ["CLUSTERMESH_INGRESS_DRAIN_DELAY"] = "0s",
                ["CLUSTERMESH_AGENT_ADMIN"] = $"127.0.0.1:{_ports[AgentPort]}",
            },
        };
        // Whoever names an agent wants to hear of it when there is none.
        if (_withAgent) shell.Environment["CLUSTERMESH_AGENT"] = $"http://127.0.0.1:{_ports[AgentPort]}";
        return shell;
    }

    /// <summary>Of a page that did not come to its end.</summary>
    public void EndLab()
    {
        if (!Directory.Exists($"/run/clustermesh/lab/{_lab}")) return;
        using var down = Process.Start(Shell($"bin/clustermesh lab down --name {_lab}"))!;
        down.WaitForExit();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    // All are held until all are known, so that no two are the same.
    private void Claim()
    {
        var held = new List<TcpListener>();
        foreach (var port in _ports.Keys.ToArray())
        {
            held.Add(new(IPAddress.Loopback, 0));
            held[^1].Start();
            _ports[port] = ((IPEndPoint)held[^1].LocalEndpoint).Port;
        }

        held.ForEach(listener => listener.Stop());
    }
}
