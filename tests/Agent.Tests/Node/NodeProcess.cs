using System.Collections.Concurrent;
using System.Diagnostics;
using ClusterMesh.Bpf.Tests;

namespace ClusterMesh.Agent.Tests.Node;

/// <summary>A program in a network namespace, gone with the test's process whatever happens to it.</summary>
internal sealed class NodeProcess : IDisposable
{
    // Standard input is ours: when it closes, because we say so or because we are gone, the program is killed.
    private const string Script = "exec 3<&0; \"$@\" <&- & p=$!; echo pid $p; (cat <&3 >/dev/null; kill -9 $p) >/dev/null 2>&1 & wait $p; e=$?; echo exit $e; exit $e";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<int> _pid = new();

    public NodeProcess(Netns netns, params string[] command)
    {
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", "nsenter", $"--net=/run/netns/{netns.Name}", .. command])
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public string Said => string.Join('\n', _said);

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Kill()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{await _pid.Task}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> EndAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        if (line.StartsWith("pid ", StringComparison.Ordinal)) _pid.TrySetResult(int.Parse(line[4..]));
        _said.Enqueue(line);
    }
}
