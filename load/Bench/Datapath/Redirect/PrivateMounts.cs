using System.Diagnostics;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>A BPF file system of our own, in a mount namespace of our own: what is pinned there is gone with the last of our processes, however they end.</summary>
internal static class PrivateMounts
{
    public const string Bpf = "/sys/fs/bpf";
    private const string Marker = "CLUSTERMESH_BENCH_MOUNTS";

    public static bool Inside => Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>This program once more, in there, with these arguments. Its exit code.</summary>
    public static int Run(IEnumerable<string> args)
    {
        string[] command =
        [
            "--pdeathsig", "KILL", "--", "unshare", "--mount", "sh", "-c", $"mount -t bpf bpf {Bpf} && exec \"$@\"", "sh", Environment.ProcessPath!,
            .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(PrivateMounts).Assembly.Location] : Array.Empty<string>(), .. args,
        ];
        using var process = Process.Start(new ProcessStartInfo("setpriv", command) { Environment = { [Marker] = "1" } })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
