namespace ClusterMesh.Cli.Demo;

/// <summary>
/// Ties a program that does not watch its input to us: when its input closes, because we say so or because we are gone, a shell
/// beside it kills it with SIGKILL. The shell ends after it.
/// </summary>
internal static class Tether
{
    private const string Script = "exec 3<&0; \"$@\" <&- & p=$!; (cat <&3 >/dev/null; kill -9 $p 2>/dev/null) & wait $p";

    public static Launch Around(Launch program) => new("/bin/sh", ["-c", Script, "sh", program.File, .. program.First]);
}
