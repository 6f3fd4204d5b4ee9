using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ClusterMesh.Proxy.Node;

/// <summary>What the kernel says an accepted socket's own end is: .NET says the listener's, which is another here.</summary>
internal static class SocketName
{
    private const int Bytes = 16;

    /// <exception cref="SocketException">The connection is gone.</exception>
    public static IPEndPoint LocalOf(Socket socket)
    {
        var (name, length) = (new byte[Bytes], Bytes);
        if (GetName(socket.SafeHandle, name, ref length) != 0) throw new SocketException(Marshal.GetLastPInvokeError());
        return new(new IPAddress(name.AsSpan(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(name.AsSpan(2)));
    }

    [DllImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static extern int GetName(SafeSocketHandle socket, byte[] name, ref int length);
}
