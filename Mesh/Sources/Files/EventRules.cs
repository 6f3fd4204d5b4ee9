namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>What each file event means for us.</summary>
internal static class EventRules
{
    private const InotifyMask Self = InotifyMask.DeleteSelf | InotifyMask.MoveSelf | InotifyMask.Unmount;
    private const InotifyMask Appears = InotifyMask.Create | InotifyMask.MovedTo;

    /// <param name="pathOf">The directory that a watch stands for; null when it is no longer one of ours.</param>
    /// <param name="look">A file's stamp, without following symlinks.</param>
    public static void Take(InotifyEvent told, Func<int, string?> pathOf, Func<string, FileStamp?> look, PendingChanges pending, TimeSpan now)
    {
        if (told.Mask.HasFlag(InotifyMask.Overflow))
            pending.LoseEvents();
        else if ((told.Mask & Self) != 0)
            pending.LookAgain();
        else if (!told.Mask.HasFlag(InotifyMask.Ignored) && pathOf(told.Watch) is { } directory)
            Within(told, ManifestNames.Join(directory, told.Name), look, pending, now);
    }

    private static void Within(InotifyEvent told, string path, Func<string, FileStamp?> look, PendingChanges pending, TimeSpan now)
    {
        if (told.Mask.HasFlag(InotifyMask.IsDirectory))
        {
            if (!ManifestNames.IsHidden(told.Name))
                pending.LookAgain();
        }
        else if (!ManifestNames.IsManifest(told.Name))
        {
            // A symlink to a directory, above all the ..data of a mounted ConfigMap, swaps all that is reached through it.
            if ((told.Mask & Appears) != 0 && look(path) is { Type: FileType.Symlink })
                pending.LookAgain();
        }
        else if (!told.Mask.HasFlag(InotifyMask.Create))
        {
            pending.Add(told.Mask, path, now);
        }
        else if (look(path) is { } stamp && (stamp.Type is not FileType.Regular || stamp.Links > 1))
        {
            // Nobody will write to and close it: a link, or something that is not a file and has to be named.
            pending.Read(path);
        }
    }
}
