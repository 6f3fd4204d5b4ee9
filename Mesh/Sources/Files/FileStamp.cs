using System.Runtime.InteropServices;

namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>What tells one state of a file from another without reading it.</summary>
internal readonly record struct FileStamp(ulong Device, ulong Inode, ulong Size, (long, uint) Modified, (long, uint) Changed, FileType Type, uint Links)
{
    public bool IsSameFile(FileStamp other) => (Device, Inode) == (other.Device, other.Inode);

    /// <summary>Null when there is no such file, or with <paramref name="error"/> set when it cannot be told.</summary>
    public static FileStamp? Of(string path, bool follow, out string? error) =>
        Of(LibC.AtCurrentDirectory, path, follow ? 0 : LibC.AtSymlinkNoFollow, out error);

    public static FileStamp? Of(SafeHandle file, out string? error) => Of((int)file.DangerousGetHandle(), "", LibC.AtEmptyPath, out error);

    private static FileStamp? Of(int directory, string path, int flags, out string? error)
    {
        if (LibC.Statx(directory, path, flags, LibC.StatxBasic, out var stat) != 0)
        {
            error = Marshal.GetLastPInvokeError() is LibC.NoEntry or LibC.NotDirectory ? null : LibC.LastError;
            return null;
        }

        error = null;
        return new FileStamp(
            ((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor,
            stat.Inode,
            stat.Size,
            (stat.ModifiedSeconds, stat.ModifiedNanoseconds),
            (stat.ChangedSeconds, stat.ChangedNanoseconds),
            (FileType)(stat.Mode & 0xf000),
            stat.Links);
    }
}

/// <summary>The type bits of a file's mode.</summary>
internal enum FileType
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Symlink = 0xa000,
    Socket = 0xc000,
}
