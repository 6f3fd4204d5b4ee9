using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Maps;

/// <summary>The one place for the listener of the node's proxy. The kernel empties it when the socket is closed.</summary>
internal sealed unsafe class ProxySocket(BpfMap map)
{
    private const int SocketLevel = 1, CookieOption = 57;

    /// <summary>The kernel's number of the socket, never given twice; null while there is none.</summary>
    public ulong? Cookie()
    {
        uint first = 0;
        ulong cookie;
        var error = NativeMap.Lookup(map.Descriptor, &first, &cookie);
        if (error == -Errno.NoEntry) return null;
        return error < 0 ? throw new BpfException($"map {map.Name}: look up", -error) : cookie;
    }

    /// <summary>In the place of whichever is there.</summary>
    /// <exception cref="BpfException">It is no listening TCP socket.</exception>
    public void Put(int listener)
    {
        uint first = 0;
        var descriptor = (ulong)listener;
        var error = NativeMap.Update(map.Descriptor, &first, &descriptor, 0);
        if (error < 0) throw new BpfException($"map {map.Name}: put the listener in", -error);
    }

    public void Clear()
    {
        uint first = 0;
        var error = NativeMap.Delete(map.Descriptor, &first);
        // An empty place is EINVAL to a map of sockets.
        if (error is < 0 and not (-Errno.NoEntry or -Errno.Invalid)) throw new BpfException($"map {map.Name}: take the listener out", -error);
    }

    public static ulong CookieOf(int socket)
    {
        ulong cookie;
        var size = (uint)sizeof(ulong);
        return LibC.SocketOption(socket, SocketLevel, CookieOption, &cookie, &size) < 0
            ? throw new BpfException("socket: ask for its cookie", Marshal.GetLastPInvokeError())
            : cookie;
    }
}
