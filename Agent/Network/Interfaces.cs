using System.Runtime.InteropServices;

namespace ClusterMesh.Agent.Network;

/// <summary>Interfaces of the agent's network namespace; /sys/class/net may be another namespace's.</summary>
internal static partial class Interfaces
{
    /// <summary>0 = there is none of that name.</summary>
    public static int IndexOf(string name) => (int)NameToIndex(name);

    /// <summary>Null = there is none of that number.</summary>
    public static unsafe string? NameOf(int index)
    {
        // IFNAMSIZ.
        var name = stackalloc byte[16];
        return IndexToName((uint)index, name) == 0 ? null : Marshal.PtrToStringUTF8((nint)name);
    }

    public static void Delete(string name)
    {
        if (IndexOf(name) != 0) IpTool.Run($"link delete {name}");
    }

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint NameToIndex(string name);

    [LibraryImport("libc", EntryPoint = "if_indextoname")]
    private static unsafe partial nint IndexToName(uint index, byte* name);
}
