namespace ClusterMesh.Proxy.Record.Access;

/// <summary>Where lines go. Reopened by name after a rotation, so that the old file can be packed or removed.</summary>
internal sealed class LogFile(Func<Stream> open) : IDisposable
{
    private readonly Lock _lock = new();
    private Stream _stream = open();

    /// <summary>"-" is standard output.</summary>
    public static LogFile Open(string path) => new(path == "-" ? Console.OpenStandardOutput : () => OpenPath(path));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            // Somebody may have cut it short (copytruncate), or appended.
            if (_stream.CanSeek) _stream.Seek(0, SeekOrigin.End);
            _stream.Write(bytes);
            _stream.Flush();
        }
    }

    /// <summary>Where the name cannot be opened, the old file stays in use and this throws.</summary>
    public void Reopen()
    {
        var next = open();
        lock (_lock)
        {
            _stream.Dispose();
            _stream = next;
        }
    }

    public void Dispose()
    {
        lock (_lock) _stream.Dispose();
    }

    private static FileStream OpenPath(string path)
    {
        try
        {
            return new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"access log {path} cannot be opened: {exception.Message}", exception);
        }
    }
}
