using System.ComponentModel;
using System.Diagnostics;

namespace ClusterMesh.Cli.Demo;

/// <summary>A process that we started, with the last lines that it said.</summary>
internal sealed class Child : IDisposable
{
    private const int KeptLines = 3;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private Child(Process process, string name)
    {
        _process = process;
        Name = name;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool Running => !_process.HasExited;

    /// <summary>What it said last, for a message about its end.</summary>
    public string LastWords
    {
        get
        {
            lock (_lines)
                return string.Join(" | ", _lines);
        }
    }

    public static Child Start(string name, Launch program, params IEnumerable<string> arguments)
    {
        // Standard input is ours: a child that watches it learns that we are gone, even when we were killed ourselves.
        var start = new ProcessStartInfo(program.File, program.With(arguments)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        try
        {
            return new(Process.Start(start)!, name);
        }
        catch (Win32Exception error)
        {
            throw new DemoException($"cannot start {name} ({program.File}): {error.Message}", error);
        }
    }

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Kill() => Kill(withChildren: false);

    /// <summary>Ends it, and what it may have started itself: a program may be a wrapper.</summary>
    public void Dispose()
    {
        Kill(withChildren: true);
        _process.Dispose();
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

        _process.WaitForExit(TimeSpan.FromSeconds(5));
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
