namespace ClusterMesh.Cli.Processes;

/// <summary>
/// Ties a program that does not watch its input to us: when its input closes, because we say so or because we are gone, a shell
/// beside it kills it with SIGKILL. The shell ends after it.
/// </summary>
internal static class Tether
{
    // The watcher has nothing of our pipes, and goes with the program, whose number may be another's later.
    private const string Script = "exec 3<&0; \"$@\" <&- 3<&- & p=$!; (cat <&3; kill -9 $p) >/dev/null 2>&1 & w=$!; wait $p; s=$?; kill $w; exit $s";

    public static Launch Around(Launch program) => new("/bin/sh", ["-c", Script, "sh", program.File, .. program.First]);
}
