using System.Diagnostics;
using System.Globalization;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>One of our programs as a process, gone with the test process at the latest.</summary>
internal sealed class LabProcess : IDisposable
{
    // Standard input is ours: when it closes, because we say so or because we are gone, the program is killed. Its id is all there is on standard output.
    private const string Script = "exec 3<&0; \"$@\" </dev/null >&2 & p=$!; echo $p; (cat <&3 >/dev/null; kill -9 $p 2>/dev/null) & wait $p";

    private const int KeptLines = 60;

    private readonly Queue<string> _said = new();
    private readonly Process _process;
    private readonly int _id;

    private LabProcess(Process process)
    {
        _process = process;
        _id = int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>What it said last.</summary>
    public string LastWords
    {
        get
        {
            lock (_said) return string.Join('\n', _said);
        }
    }

    /// <param name="assembly">The program's file beside the tests: clustermesh-agent.dll.</param>
    public static LabProcess Start(string assembly, params IEnumerable<string> arguments)
    {
        string[] command = ["-c", Script, "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, assembly), .. arguments];
        var start = new ProcessStartInfo("/bin/sh", command) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        // Several of them share a small machine.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new(Process.Start(start)!);
    }

    /// <summary>SIGSTOP: it is there, and does nothing.</summary>
    public void Pause() => Signal("-STOP");

    public void Resume() => Signal("-CONT");

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > KeptLines) _said.Dequeue();
        }
    }
}
