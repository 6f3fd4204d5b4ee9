namespace ClusterMesh.Cli.Processes;

/// <summary>Sends what a program says to a file by the program's own hand, so that none of it is lost with us.</summary>
internal static class LogFile
{
    private const int TailBytes = 2000;

    public static Launch Around(string file, Launch program) => new("/bin/sh", ["-c", "exec >>\"$0\" 2>&1; exec \"$@\"", file, program.File, .. program.First]);

    /// <summary>The last lines of it, on one.</summary>
    public static string Tail(string file)
    {
        try
        {
            using var stream = File.Open(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(-Math.Min(stream.Length, TailBytes), SeekOrigin.End);
            var lines = new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return string.Join(" | ", lines.TakeLast(3));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
