using System.Runtime.InteropServices;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>Gives a file to a group, which .NET has no call for.</summary>
public static class FileGroup
{
    private const uint SameUser = uint.MaxValue;

    /// <exception cref="IOException">The file system refuses.</exception>
    public static void Set(string path, uint group)
    {
        if (ChangeOwner(path, SameUser, group) != 0) throw new IOException($"{path} cannot be given to group {group}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
