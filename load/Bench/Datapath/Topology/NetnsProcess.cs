using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Topology;

/// <summary>A program in a namespace, gone with this process however that ends. Started by the main thread: the kernel ends it with the thread that did.</summary>
internal sealed class NetnsProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _name;
    private readonly StringBuilder _said = new();

    /// <param name="core">The only one that it runs on; null = any.</param>
    public NetnsProcess(Netns netns, int? core, params IEnumerable<string> command)
    {
        string[] pinned = core is { } one ? ["taskset", "-c", $"{one}", .. command] : [.. command];
        _name = command.First(word => word is not "dotnet");
        _process = Process.Start(new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "--", "nsenter", $"--net={netns.Path}", .. pinned]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    public TimeSpan Cpu => CpuClock.OfProcess(_process.Id);

    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited) throw new InvalidOperationException($"{_name} has ended with {_process.ExitCode}: {Said}");
    }

    /// <summary>What it said, once it has ended by itself.</summary>
    /// <param name="allowed">An exit code that is as good as 0.</param>
    /// <exception cref="InvalidOperationException">It does not end in that time, or not well.</exception>
    public string Finish(TimeSpan within, int allowed = 0)
    {
        if (!_process.WaitForExit(within)) throw new InvalidOperationException($"{_name} does not end: {Said}");
        // With what is still in the pipes.
        _process.WaitForExit();
        return _process.ExitCode == 0 || _process.ExitCode == allowed ? Said : throw new InvalidOperationException($"{_name} has ended with {_process.ExitCode}: {Said}");
    }

    /// <summary>Field of proc_pid_status(5), in MiB.</summary>
    public double Memory(string field) => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith($"{field}:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;

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
}
