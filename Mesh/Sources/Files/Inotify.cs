using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>The kernel's file events. FileSystemWatcher hides close-write, and so cannot tell a finished file from a half one.</summary>
internal sealed class Inotify : IDisposable
{
    private const int HeaderSize = 16;
    private readonly byte[] _buffer = new byte[64 << 10];

    private Inotify(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; private set; }

    /// <summary>Null, with the reason, where the kernel gives no more instances.</summary>
    public static Inotify? Open(out string? error)
    {
        var descriptor = LibC.InotifyInit(LibC.OpenNonBlock | LibC.CloseOnExec);
        error = descriptor < 0 ? LibC.LastError : null;
        return descriptor < 0 ? null : new Inotify(descriptor);
    }

    /// <summary>The watch's number, the same one for the same directory; negative, with the reason, when it cannot be watched.</summary>
    public int Add(string directory, out string? error)
    {
        var watch = LibC.InotifyAddWatch(Descriptor, directory, (uint)InotifyMask.Watched);
        error = watch < 0 ? LibC.LastError : null;
        return watch;
    }

    public void Remove(int watch) => _ = LibC.InotifyRemoveWatch(Descriptor, watch);

    /// <summary>Takes all events that wait, and does not wait for any.</summary>
    public List<InotifyEvent> Drain()
    {
        var events = new List<InotifyEvent>();
        while (true)
        {
            var count = LibC.Read(Descriptor, _buffer, _buffer.Length);
            if (count > 0)
                Parse(_buffer.AsSpan(0, (int)count), events);
            else if (count == 0 || Marshal.GetLastPInvokeError() is not LibC.Interrupted)
                return events;
        }
    }

    public void Dispose()
    {
        if (Descriptor >= 0)
            _ = LibC.Close(Descriptor);
        Descriptor = -1;
    }

    private static void Parse(ReadOnlySpan<byte> bytes, List<InotifyEvent> events)
    {
        while (bytes.Length >= HeaderSize)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
            var name = bytes.Slice(HeaderSize, length);
            var end = name.IndexOf((byte)0);
            events.Add(new InotifyEvent(
                BinaryPrimitives.ReadInt32LittleEndian(bytes),
                (InotifyMask)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
                Encoding.UTF8.GetString(end < 0 ? name : name[..end])));
            bytes = bytes[(HeaderSize + length)..];
        }
    }
}
