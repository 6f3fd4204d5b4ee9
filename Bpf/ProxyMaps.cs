using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.Bpf.Pinning;

namespace ClusterMesh.Bpf;

/// <summary>
/// What the node's proxy sees of the data path, by the pins that the agent left: three maps to read, and the place for its listener. Needs no
/// root: the right to the files, and CAP_BPF where the kernel asks for it.
/// </summary>
public sealed class ProxyMaps : IDisposable
{
    internal const string ToBeWritten = "proxy_socket";
    internal static readonly string[] ToBeRead = ["connections", "endpoints", "ipcache"];

    private readonly List<BpfMap> _maps = [];
    private readonly ProxySocket _socket;
    private readonly string _directory;
    private readonly uint _place;
    private ulong? _own;

    private ProxyMaps(string directory)
    {
        _directory = directory;
        try
        {
            Connections = new(ToRead(ToBeRead[0], directory));
            Endpoints = new(ToRead(ToBeRead[1], directory));
            Ipcache = new(ToRead(ToBeRead[2], directory));
            var place = Keep(ToBeWritten, directory, OpenPlace());
            (_socket, _place) = (new(place), place.Id);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Redirected connections have <see cref="ConnectionFlags.Proxied"/>, in the scope whose rule it was. Read only, as the others.</summary>
    public TypedMap<ConnectionKey, Connection> Connections { get; }

    public TypedMap<Address, Endpoint> Endpoints { get; }

    public TypedMap<Prefix, Peer> Ipcache { get; }

    /// <param name="pinDirectory">The node's, as in <see cref="DatapathConfig.PinDirectory"/>.</param>
    /// <exception cref="BpfException">Not pinned yet, pinned by another layout's agent, or this process may not open it; the message names the file.</exception>
    public static ProxyMaps Open(string pinDirectory) => new(PinDirectory.MapsOf(pinDirectory));

    /// <summary>From now on new connections come to it, wherever earlier ones went. It must listen already.</summary>
    /// <exception cref="BpfException">It is no listening TCP socket; the place is as it was.</exception>
    public void PutListener(SafeHandle listener)
    {
        var held = false;
        listener.DangerousAddRef(ref held);
        try
        {
            var descriptor = (int)listener.DangerousGetHandle();
            var cookie = ProxySocket.CookieOf(descriptor);
            _socket.Put(descriptor);
            _own = cookie;
        }
        finally
        {
            if (held) listener.DangerousRelease();
        }
    }

    /// <summary>
    /// New connections come no more; those that are there stay. Nothing happens where another instance has put in its own. Between the look and
    /// the deletion are microseconds: a successor that comes just then finds its listener gone, and puts it in again.
    /// </summary>
    public void TakeListenerOut()
    {
        if (_own is not { } own) return;
        _own = null;
        if (_socket.Cookie() == own) _socket.Clear();
    }

    /// <summary>The socket that new connections come to now, by the kernel's number (SO_COOKIE); null: none.</summary>
    public ulong? ListenerCookie() => _socket.Cookie();

    /// <summary>
    /// Whether these are still the maps that the node's programs have. An agent makes others when it finds none, or of another layout; what is
    /// put into these then nobody sees.
    /// </summary>
    /// <exception cref="BpfException">The pin cannot be opened.</exception>
    public bool IsCurrent()
    {
        using var now = OpenPlace();
        return now?.Id == _place;
    }

    /// <summary>The number of the listener that this process put in, whether it is still there or not.</summary>
    public ulong? OwnCookie => _own;

    /// <summary>Closes the maps. A listener that was put in stays until it is closed.</summary>
    public void Dispose() => _maps.ForEach(map => map.Dispose());

    private BpfMap? OpenPlace() => BpfMap.OpenPinned(ToBeWritten, Path.Combine(_directory, ToBeWritten));

    private BpfMap ToRead(string name, string directory) => Keep(name, directory, BpfMap.OpenPinnedToRead(name, Path.Combine(directory, name)));

    private BpfMap Keep(string name, string directory, BpfMap? map)
    {
        if (map is null) throw new BpfException($"map {name}: there is none at {Path.Combine(directory, name)}, the node's agent leaves it there", Errno.NoEntry);
        _maps.Add(map);
        return map;
    }
}
