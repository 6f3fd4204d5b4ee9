using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClusterMesh.Load.Processes;

/// <summary>A process that we start and therefore end, by its id. What it prints goes to a file.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly Process _process;

    private ChildProcess(string name, Process process, string log)
    {
        Name = name;
        _process = process;
        Log = log;
    }

    public string Name { get; }

    /// <summary>The file with its output.</summary>
    public string Log { get; }

    public int Id => _process.Id;

    /// <summary>Whether we asked it to end: an end without that is a crash, or somebody else's signal.</summary>
    public bool Signalled { get; private set; }

    public bool Exited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(ProcessCommand command, string log)
    {
        // exec keeps the id: the shell becomes taskset, which becomes the command.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1", "sh", log, .. command.Words])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        return new ChildProcess(command.Name, Process.Start(start)!, log);
    }

    public void Terminate() => Signal(15);

    public void Kill() => Signal(9);

    public Task WaitForExitAsync(CancellationToken stop) => _process.WaitForExitAsync(stop);

    public async ValueTask DisposeAsync()
    {
        Terminate();
        using (var timeout = new CancellationTokenSource(Grace, TimeProvider.System))
            await _process.WaitForExitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        Signalled |= !_process.HasExited;
        // A child that we have not yet waited for keeps its id, so this cannot hit another process.
        if (!_process.HasExited)
            _ = kill(_process.Id, signal);
    }

    [DllImport("libc")]
    private static extern int kill(int id, int signal);
}
