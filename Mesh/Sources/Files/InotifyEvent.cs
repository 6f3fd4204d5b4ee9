namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>One event as the kernel tells it; the name is empty for the watched directory itself.</summary>
internal readonly record struct InotifyEvent(int Watch, InotifyMask Mask, string Name);

[Flags]
internal enum InotifyMask : uint
{
    Modify = 0x2,
    CloseWrite = 0x8,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Create = 0x100,
    Delete = 0x200,
    DeleteSelf = 0x400,
    MoveSelf = 0x800,
    Unmount = 0x2000,
    Overflow = 0x4000,
    Ignored = 0x8000,
    OnlyDirectory = 0x1000000,
    IsDirectory = 0x40000000,

    Watched = Modify | CloseWrite | MovedFrom | MovedTo | Create | Delete | DeleteSelf | MoveSelf | OnlyDirectory,
}
