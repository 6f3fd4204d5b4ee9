using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>A named network namespace, as `ip netns` makes them.</summary>
internal sealed record NetworkNamespace(string Name)
{
    public const string Root = "/run/netns";

    private const int NewNet = 0x4000_0000;

    public string Path => $"{Root}/{Name}";

    /// <summary>
    /// The program, run in here. Not by `ip netns exec`: that mounts /sys anew, and what is pinned in /sys/fs/bpf is out of sight then
    /// (ebpf.md 1).
    /// </summary>
    public Launch Around(Launch program) => new("nsenter", [$"--net={Path}", "--", program.File, .. program.First]);

    /// <summary>On a thread of its own, which ends: those of the pool stay where they are.</summary>
    public T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>A socket belongs to the namespace that it was made in, whoever uses it then.</summary>
    public Socket OpenSocket(SocketType type, ProtocolType protocol) => Run(() => new Socket(AddressFamily.InterNetwork, type, protocol));

    /// <summary>Whether something listens there, on whatever address.</summary>
    public bool Listens(IEnumerable<(string Protocol, int Port)> ports)
    {
        var listening = Run(() => new[] { "tcp", "tcp6", "udp", "udp6" }.SelectMany(table => SocketTable.Listening(table, ReadTable(table))).ToHashSet());
        return ports.All(listening.Contains);
    }

    /// <summary>Sets what is below /proc/sys/net.</summary>
    public void Set(string setting, string value) => Run(() =>
    {
        File.WriteAllText($"/proc/sys/net/{setting}", value);
        return true;
    });

    // /proc/net is that of the process' first thread.
    private static string ReadTable(string table) => File.Exists($"/proc/thread-self/net/{table}") ? File.ReadAllText($"/proc/thread-self/net/{table}") : "";

    private void Enter()
    {
        using var file = OpenFile();
        if (SetNamespace((int)file.DangerousGetHandle(), NewNet) != 0)
            throw new LabException($"cannot enter {Path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    private Microsoft.Win32.SafeHandles.SafeFileHandle OpenFile()
    {
        try
        {
            return File.OpenHandle(Path);
        }
        catch (IOException error)
        {
            throw new LabException($"cannot enter {Path}: {error.Message}", error);
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(int descriptor, int kind);
}
