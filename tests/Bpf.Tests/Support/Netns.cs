using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ClusterMesh.Bpf.Tests;

/// <summary>A network namespace of a test, gone with it. Sockets belong to the namespace of the thread that made them, for good.</summary>
internal sealed partial class Netns : IDisposable
{
    /// <summary>Of the directories with pins, one for each node.</summary>
    public const string PinRoot = "/sys/fs/bpf/clustermesh-tests";

    private const string Prefix = "cmbpf";
    private const int NewNet = 0x4000_0000;
    private static int _last;

    static Netns()
    {
        // Of test runs that were killed.
        foreach (var name in Left("/run/netns")) Ip(null, "netns", "delete", name);
        foreach (var name in Left(PinRoot)) Directory.Delete(Path.Combine(PinRoot, name), recursive: true);
    }

    public Netns(string name)
    {
        Name = $"{Prefix}-{Environment.ProcessId}-{name}{Interlocked.Increment(ref _last)}";
        Ip(null, "netns", "add", Name);
        Run("link set lo up");
    }

    public string Name { get; }

    /// <summary>Lines of ip's language.</summary>
    public void Run(params string[] lines) => Ip(string.Join('\n', lines), "-n", Name, "-batch", "-");

    /// <summary>What ip says.</summary>
    public string Say(params string[] words) => Execute(null, "ip", ["-n", Name, .. words]);

    public void Sysctl(string path, string value) => In(() =>
    {
        File.WriteAllText($"/proc/sys/{path}", value);
        return 0;
    });

    /// <summary>What nft says.</summary>
    public string NftSays(params string[] words) => Execute(null, "nsenter", [$"--net=/run/netns/{Name}", "nft", .. words]);

    public void Nft(string ruleset) => Execute(ruleset, "nsenter", $"--net=/run/netns/{Name}", "nft", "-f", "-");

    /// <summary>On a thread of its own, that ends: the threads of the pool stay where they are.</summary>
    public T In<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{Name}");
                if (SetNamespace((int)file.DangerousGetHandle(), NewNet) != 0) throw new InvalidOperationException($"setns {Name}: {Marshal.GetLastPInvokeError()}");
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    public int Ifindex(string name) => In(() => (int)NameToIndex(name)) is > 0 and var index ? index : throw new InvalidOperationException($"{Name} has no {name}");

    public void Dispose() => Ip(null, "netns", "delete", Name);

    private static IEnumerable<string> Left(string directory) =>
        Directory.Exists(directory)
            ? Directory.GetFileSystemEntries(directory, $"{Prefix}-*").Select(path => Path.GetFileName(path)).Where(name => !Directory.Exists($"/proc/{name.Split('-')[1]}"))
            : [];

    private static void Ip(string? input, params string[] arguments) => Execute(input, "ip", arguments);

    private static string Execute(string? input, string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardInput = input is not null, RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (input is not null)
        {
            process.StandardInput.WriteLine(input);
            process.StandardInput.Close();
        }

        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {error.Result}{input}");
        return output;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint NameToIndex(string name);
}
