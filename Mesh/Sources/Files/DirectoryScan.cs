namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>One look at everything below a root: which manifest files there are, not what is in them.</summary>
/// <param name="enter">Told each directory (relative, full path) before it is listed; true when it was not known before.</param>
internal sealed class DirectoryScan(string root, Func<string, string, bool> enter)
{
    private const int MaxDepth = 32;
    private readonly HashSet<(ulong, ulong)> _entered = [];

    public SortedDictionary<string, FoundFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Directories that could not be listed, with the reason; what is in them is not known, rather than gone.</summary>
    public SortedDictionary<string, string> Unlisted { get; } = new(StringComparer.Ordinal);

    /// <summary>Null when the root could be listed.</summary>
    public string? RootFailure => Unlisted.GetValueOrDefault("");

    public FileStamp? Root { get; private set; }

    public DirectoryScan Run()
    {
        Root = FileStamp.Of(root, follow: true, out var error);
        if (Root is not { } stamp)
            Unlisted[""] = error ?? "there is no such directory";
        else if (stamp.Type is not FileType.Directory)
            Unlisted[""] = "it is not a directory";
        else
            Directory("", stamp, linked: false, depth: 1);
        return this;
    }

    private void Directory(string relative, FileStamp stamp, bool linked, int depth)
    {
        // Reached already by another way, as symlinks allow.
        if (!_entered.Add((stamp.Device, stamp.Inode)))
            return;
        if (depth > MaxDepth)
        {
            Unlisted[relative] = $"it is deeper than {MaxDepth} directories";
            return;
        }

        var full = Full(relative);
        var fresh = enter(relative, full);
        try
        {
            foreach (var entry in System.IO.Directory.EnumerateFileSystemEntries(full).Order(StringComparer.Ordinal))
                Entry(relative, Path.GetFileName(entry), linked, fresh, depth);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Unlisted[relative] = e.Message;
        }
    }

    private void Entry(string directory, string name, bool linked, bool fresh, int depth)
    {
        if (ManifestNames.IsHidden(name))
            return;
        var relative = ManifestNames.Join(directory, name);
        var stamp = FileStamp.Of(Full(relative), follow: false, out var error);
        if (stamp is { Type: FileType.Symlink })
        {
            linked = true;
            stamp = FileStamp.Of(Full(relative), follow: true, out error);
            error ??= stamp is null ? "is a symlink that leads nowhere" : null;
        }

        if (stamp is { Type: FileType.Directory } below)
            Directory(relative, below, linked, depth + 1);
        else if (ManifestNames.IsManifest(name) && (stamp is not null || error is not null))
            Files[relative] = new FoundFile(stamp, linked, fresh, error);
    }

    private string Full(string relative) => relative.Length == 0 ? root : Path.Combine(root, relative);
}

/// <param name="Linked">Reached through a symlink: it changes by being swapped, with no event of its own.</param>
/// <param name="Fresh">Its directory was not watched before this look.</param>
internal readonly record struct FoundFile(FileStamp? Stamp, bool Linked, bool Fresh, string? Failure);
