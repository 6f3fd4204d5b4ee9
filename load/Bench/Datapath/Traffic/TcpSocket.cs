using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;

namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>A blocking socket by the bare system calls: what a managed socket adds to each would hide what is measured.</summary>
internal readonly unsafe partial struct TcpSocket
{
    private const int Inet = 2, Stream = 1, CloseOnExec = 0x80000, NoSignal = 0x4000;
    private const int SolSocket = 1, ReuseAddress = 2, LingerOption = 13, ReceiveTimeout = 20, SendTimeout = 21, Tcp = 6, NoDelay = 1;
    private readonly int _descriptor;

    private TcpSocket(int descriptor) => _descriptor = descriptor;

    public static TcpSocket Listen(IPEndPoint at)
    {
        var socket = Open();
        var (yes, name) = (1, new Name(at));
        Check(SetOption(socket._descriptor, SolSocket, ReuseAddress, &yes, sizeof(int)));
        Check(Bind(socket._descriptor, &name, sizeof(Name)));
        Check(Listen(socket._descriptor, 512));
        return socket;
    }

    /// <exception cref="Win32Exception">Refused, or nobody answers for two seconds.</exception>
    public static TcpSocket Connect(IPEndPoint to)
    {
        var socket = Open();
        var (timeout, name) = (new TimeValue(2, 0), new Name(to));
        Check(SetOption(socket._descriptor, SolSocket, SendTimeout, &timeout, sizeof(TimeValue)));
        Check(SetOption(socket._descriptor, SolSocket, ReceiveTimeout, &timeout, sizeof(TimeValue)));
        if (Connect(socket._descriptor, &name, sizeof(Name)) == 0) return socket;
        var error = Marshal.GetLastPInvokeError();
        socket.Close();
        throw new Win32Exception(error, $"connect to {to}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public void SendAtOnce()
    {
        var yes = 1;
        Check(SetOption(_descriptor, Tcp, NoDelay, &yes, sizeof(int)));
    }

    /// <summary>False once the socket is shut down.</summary>
    public bool TryAccept(out TcpSocket connection)
    {
        var descriptor = Accept(_descriptor, null, null, CloseOnExec);
        connection = new(descriptor);
        return descriptor >= 0;
    }

    /// <summary>0 or less: the other side is gone.</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* at = buffer) return (int)Receive(_descriptor, at, (nuint)buffer.Length, 0);
    }

    /// <summary>Less than 0: the other side is gone.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes) return (int)Send(_descriptor, at, (nuint)bytes.Length, NoSignal);
    }

    /// <summary>Wakes whoever waits in it.</summary>
    public void Shutdown() => _ = Shutdown(_descriptor, 2);

    /// <summary>By a reset, so that nothing of the connection stays behind.</summary>
    public void Reset()
    {
        var linger = new Linger(1, 0);
        Check(SetOption(_descriptor, SolSocket, LingerOption, &linger, sizeof(Linger)));
        Close();
    }

    public void Close() => _ = Close(_descriptor);

    private static TcpSocket Open() => new(Check(Open(Inet, Stream | CloseOnExec, 0)));

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Open(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int descriptor, Name* name, int size);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int Listen(int descriptor, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4")]
    private static partial int Accept(int descriptor, void* name, void* size, int flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int descriptor, Name* name, int size);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int descriptor, byte* buffer, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int descriptor, byte* buffer, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int descriptor, int level, int option, void* value, int size);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private readonly record struct TimeValue(long Seconds, long Microseconds);

    private readonly record struct Linger(int On, int Seconds);

    /// <summary>struct sockaddr_in.</summary>
    private readonly struct Name(IPEndPoint of)
    {
        private readonly ushort _family = Inet;
        private readonly ushort _port = BinaryPrimitives.ReverseEndianness((ushort)of.Port);
        private readonly uint _address = MemoryMarshal.Read<uint>(of.Address.GetAddressBytes());
        private readonly ulong _zero = 0;
    }
}
