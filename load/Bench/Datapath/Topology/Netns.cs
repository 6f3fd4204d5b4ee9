using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.DatapathBench.Topology;

/// <summary>A network namespace without a name: only this process holds it, so it is gone with it, however it ends.</summary>
internal sealed partial class Netns : IDisposable
{
    private const int NewNet = 0x4000_0000;
    private readonly SafeFileHandle _file;

    public Netns()
    {
        SafeFileHandle? file = null;
        OnThread(() =>
        {
            if (Unshare(NewNet) != 0) throw new InvalidOperationException($"unshare: {Marshal.GetLastPInvokeErrorMessage()}");
            file = File.OpenHandle("/proc/thread-self/ns/net");
        });
        _file = file!;
        Run("link set lo up");
    }

    /// <summary>As ip takes it in the place of a name.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_file.DangerousGetHandle()}";

    /// <summary>Lines of ip's language.</summary>
    public void Run(params string[] lines) => Pipe(string.Join('\n', lines), "ip", "-batch", "-");

    /// <summary>Runs a program in here with that input.</summary>
    public void Pipe(string input, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo("nsenter", [$"--net={Path}", .. command]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        // Whoever ends early says why on the other pipe.
        try
        {
            process.StandardInput.WriteLine(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }

        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)}: {(error.Length > 2000 ? error[..2000] : error)}");
    }

    /// <summary>On a thread of its own that is in here until it ends; what it opens belongs here for good.</summary>
    public void In(Action work) => OnThread(() =>
    {
        Enter();
        work();
    });

    /// <summary>The calling thread goes in, and does not come back.</summary>
    public void Enter()
    {
        if (SetNamespace((int)_file.DangerousGetHandle(), NewNet) != 0) throw new InvalidOperationException($"setns: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public int Ifindex(string name)
    {
        var index = 0u;
        In(() => index = NameToIndex(name));
        return index > 0 ? (int)index : throw new InvalidOperationException($"no interface {name}");
    }

    public void Dispose() => _file.Dispose();

    private static void OnThread(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int kinds);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint NameToIndex(string name);
}
