using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>The outcome of reading a file: its content, or why there is none.</summary>
/// <param name="Torn">It changed while it was read; whoever writes it will close it, or leave it alone.</param>
internal readonly record struct FileReading(FileStamp? Stamp, byte[]? Content, string? Refusal = null, bool Torn = false)
{
    public const int MaxSize = 64 << 20;

    public static FileReading Of(string path)
    {
        // A FIFO or a device must not even be opened: that can block, or do something.
        if (FileStamp.Of(path, follow: true, out var error) is not { } seen)
            return new FileReading(null, null, error);
        if (Refused(seen) is { } reason)
            return new FileReading(seen, null, reason);
        var descriptor = LibC.Open(path, LibC.OpenNonBlock | LibC.OpenNoTerminal | LibC.CloseOnExec);
        if (descriptor < 0)
            return new FileReading(null, null, Marshal.GetLastPInvokeError() is LibC.NoEntry ? null : $"cannot be opened: {LibC.LastError}");
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        return Of(file);
    }

    private static FileReading Of(SafeFileHandle file)
    {
        if (FileStamp.Of(file, out var error) is not { } stamp)
            return new FileReading(null, null, error);
        if (Refused(stamp) is { } reason)
            return new FileReading(stamp, null, reason);
        try
        {
            var content = new byte[stamp.Size];
            var read = Fill(file, content);
            var torn = read < content.Length || FileStamp.Of(file, out _) != stamp;
            return new FileReading(stamp, read < content.Length ? content[..read] : content, Torn: torn);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileReading(null, null, $"cannot be read: {e.Message}");
        }
    }

    private static int Fill(SafeFileHandle file, byte[] content)
    {
        var read = 0;
        while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is var count and > 0)
            read += count;
        return read;
    }

    private static string? Refused(FileStamp stamp) => stamp switch
    {
        { Type: FileType.Fifo } => "is a FIFO, expected a regular file",
        { Type: FileType.Socket } => "is a socket, expected a regular file",
        { Type: not FileType.Regular } => "is not a regular file",
        { Size: > MaxSize } => $"has {stamp.Size:N0} bytes, more than {MaxSize >> 20} MiB",
        _ => null,
    };
}
