using System.ComponentModel;
using System.Diagnostics;

namespace ClusterMesh.Cli.Processes;

/// <summary>A process that we started, with the last lines that it said.</summary>
internal sealed class Child : IDisposable
{
    private const int KeptLines = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly bool _tethered;
    private readonly Queue<string> _lines = new();

    private Child(Process process, string name, bool tethered)
    {
        (_process, _tethered) = (process, tethered);
        Name = name;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool Running => !_process.HasExited;

    /// <summary>Once, when it ends; at once when it has.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>What it said last, for a message about its end.</summary>
    public string LastWords
    {
        get
        {
            // What was said at the end may still be on its way.
            if (!Running)
                _process.WaitForExitAsync().Wait(Patience);
            lock (_lines)
                return string.Join(" | ", _lines);
        }
    }

    /// <summary>A program that ends by itself when its input does.</summary>
    public static Child Start(string name, Launch program, params IEnumerable<string> arguments) => Start(name, program, tethered: false, arguments);

    /// <summary>Any other program.</summary>
    public static Child StartTethered(string name, Launch program, params IEnumerable<string> arguments) => Start(name, Tether.Around(program), tethered: true, arguments);

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Kill()
    {
        if (_tethered) _process.StandardInput.Close();
        else Kill(withChildren: false);
        _process.WaitForExit(Patience);
    }

    /// <summary>Ends it, and what it may have started itself: a program may be a wrapper.</summary>
    public void Dispose()
    {
        if (_tethered) Kill();
        Kill(withChildren: true);
        _process.WaitForExit(Patience);
        _process.Dispose();
    }

    private static Child Start(string name, Launch program, bool tethered, IEnumerable<string> arguments)
    {
        // Standard input is ours: a child that watches it learns that we are gone, even when we were killed ourselves.
        var start = new ProcessStartInfo(program.File, program.With(arguments)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        try
        {
            return new(Process.Start(start)!, name, tethered);
        }
        catch (Win32Exception error)
        {
            throw new LaunchException($"cannot start {name} ({program.File}): {error.Message}", error);
        }
    }

    private void Kill(bool withChildren)
    {
        try
        {
            _process.Kill(withChildren);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_lines)
        {
            if (line.Data is null)
                return;
            _lines.Enqueue(line.Data);
            if (_lines.Count > KeptLines)
                _lines.Dequeue();
        }
    }
}
