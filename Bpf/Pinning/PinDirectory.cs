using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;
using ClusterMesh.Bpf.Maps;

namespace ClusterMesh.Bpf.Pinning;

/// <summary>
/// One node's names in a BPF file system, by which the data path outlives the agent: the maps in a directory for each layout, and the links
/// beside it, so that an agent with another layout fills its own maps first and then swaps the programs.
/// </summary>
internal sealed class PinDirectory
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    // A directory that it could open it could also lock, and keep the agent from starting (PinLock).
    private const UnixFileMode Search = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    private readonly string _root;

    /// <param name="root">Of this node alone, in a mounted BPF file system.</param>
    public PinDirectory(string root)
    {
        _root = root;
        BpfFileSystem.MakeDirectory(_root);
        BpfFileSystem.MakeDirectory(MapsPath);
        BpfFileSystem.MakeDirectory(LinksPath);
    }

    public string LinksPath => Path.Combine(_root, "links");

    private string MapsPath => MapsOf(_root);

    /// <summary>Where the maps of this layout are in a node's directory.</summary>
    public static string MapsOf(string root) => Path.Combine(root, $"v{(int)Layout.Version}");

    public IEnumerable<BpfMap> OpenMaps() =>
        from path in Directory.EnumerateFiles(MapsPath)
        let map = BpfMap.OpenPinned(Path.GetFileName(path), path)
        where map is not null
        select map;

    /// <summary>All or none.</summary>
    public void Pin(IReadOnlyList<BpfMap> maps)
    {
        var done = new List<string>();
        try
        {
            foreach (var map in maps)
            {
                var path = Path.Combine(MapsPath, map.Name);
                map.Pin(path);
                done.Add(path);
            }
        }
        catch
        {
            done.ForEach(File.Delete);
            throw;
        }
    }

    /// <summary>
    /// Lets the proxy's group at what <see cref="ProxyMaps"/> opens. The maps are for it to read: whoever takes over a proxy must not be able to
    /// name himself, or to undo a drop. All others, the policies and the links among them, stay root's. Null: root's group, and nobody's.
    /// </summary>
    /// <exception cref="BpfException">The file system refuses; the proxy cannot start.</exception>
    public void ShareWith(uint? group)
    {
        foreach (var directory in new[] { _root, MapsPath }) Share(directory, group, Search);
        foreach (var name in ProxyMaps.ToBeRead) Share(Path.Combine(MapsPath, name), group, Read);
        Share(Path.Combine(MapsPath, ProxyMaps.ToBeWritten), group, Read | UnixFileMode.GroupWrite);
    }

    /// <summary>Forgets the maps of other layouts, once no program of theirs is attached.</summary>
    public void DeleteOtherLayouts()
    {
        foreach (var other in Directory.EnumerateDirectories(_root, "v*").Where(path => path != MapsPath)) Directory.Delete(other, recursive: true);
    }

    // The group first: at no moment has another group the rights.
    private static void Share(string path, uint? group, UnixFileMode mode)
    {
        const uint SameUser = uint.MaxValue;
        if (LibC.ChangeOwner(path, SameUser, group ?? 0) != 0) throw new BpfException($"pin {path}: give it to group {group ?? 0}", Marshal.GetLastPInvokeError());
        File.SetUnixFileMode(path, mode);
    }
}
