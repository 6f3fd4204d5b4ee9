namespace ClusterMesh.Cli.Bootstrap;

/// <summary>Files of a home; what the system says about them becomes a sentence for people.</summary>
internal static class HomeFiles
{
    /// <summary>Far above any certificate or settings file.</summary>
    private const int MaxBytes = 1024 * 1024;

    public static string Read(string path) => Try(() =>
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new BootstrapException($"{path} is over {MaxBytes} bytes: that is not a file of ours");
        return File.ReadAllText(path);
    });

    public static void Write(Action write) => Try(() =>
    {
        write();
        return true;
    });

    private static T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BootstrapException(error.Message, error);
        }
    }
}
