using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ClusterMesh.Tests;

namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>
/// Types a page's commands one after the other, as a reader would. A comment after a command is text that its output has.
/// </summary>
internal sealed class PageRun(Stage stage) : IDisposable
{
    private const double Patience = 60;

    private readonly SortedDictionary<int, Process> _jobs = [];
    private readonly HttpClient _client = new();

    public Task TypeAsync(string line)
    {
        var parts = stage.Here(line).Split(" # ", 2);
        var (command, expected) = (parts[0].Trim(), parts.ElementAtOrDefault(1)?.Trim() ?? "");
        return command.Split(' ')[0] switch
        {
            "make" => Task.Run(() => Assert.Matches($@"(?m)^{Regex.Escape(command.Split(' ')[1])}:", Repository.Read("Makefile"))),
            "bin/clustermesh" or "bin/clustermesh-ingress" or "bin/clustermesh-agent" or "etcd" when command.EndsWith(" &", StringComparison.Ordinal) => StartAsync(command[..^2]),
            "bin/clustermesh" when stage.IsLab => RunUntilAsync(command, expected),
            "bin/clustermesh" or "bin/clustermesh-ingress" => RunAsync(command, expected, ""),
            "curl" => RunAsync($"{command} -w '\\n%{{http_code}}'", expected, "\n200"),
            "kill" => KillAsync(command.Split(' ')[1..]),
            _ => throw new Xunit.Sdk.XunitException($"not run: {line}"),
        };
    }

    public void Dispose()
    {
        foreach (var job in _jobs.Values)
        {
            if (!job.HasExited)
                job.Kill(entireProcessTree: true);
            job.Dispose();
        }

        _client.Dispose();
        stage.EndLab();
    }

    private async Task StartAsync(string command)
    {
        // As a shell counts: one more than the highest that is left.
        var number = _jobs.Keys.LastOrDefault() + 1;
        var log = Path.Combine(stage.Root, $"job-{number}.log");
        var job = Process.Start(stage.Shell($"exec {command} >'{log}' 2>&1"))!;
        _jobs[number] = job;
        var ports = Regex.Matches(command, @"127\.0\.0\.1:(\d+)").Select(port => int.Parse(port.Groups[1].Value)).ToArray();
        await Eventually.TrueAsync(async () =>
        {
            if (job.HasExited)
                Assert.Fail($"{command}\nended with {job.ExitCode}:\n{await File.ReadAllTextAsync(log)}");
            return ports.All(Listens) && (!command.StartsWith("bin/clustermesh-ingress", StringComparison.Ordinal) || await IsReadyAsync());
        }, $"{command} listens", Patience);
    }

    /// <summary>What a change in a lab leads to is there a moment after it.</summary>
    private async Task RunUntilAsync(string command, string expected)
    {
        var said = "";
        await Eventually.TrueAsync(async () => (said = await SayAsync(command)).Contains(expected, StringComparison.Ordinal), $"{command}\nsays \"{expected}\"", 20);
    }

    private async Task RunAsync(string command, string expected, string end)
    {
        var said = await SayAsync(command);
        Assert.Contains(expected, said);
        Assert.EndsWith(end, said);
    }

    private async Task<string> SayAsync(string command)
    {
        var start = stage.Shell(command);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(Patience));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            var (said, wrong) = (await output, await errors);
            Assert.True(process.ExitCode == 0, $"{command}\nended with {process.ExitCode}:\n{said}{wrong}");
            return said;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>By job numbers, as a shell counts them.</summary>
    private async Task KillAsync(IEnumerable<string> numbers)
    {
        foreach (var number in numbers.Select(number => int.Parse(number.TrimStart('%'))))
        {
            var job = _jobs[number];
            await RunAsync($"kill {job.Id}", "", "");
            await Eventually.TrueAsync(() => job.HasExited, $"job {number} ends", Patience);
            _jobs.Remove(number);
            job.Dispose();
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync(stage.Ready);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static bool Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
