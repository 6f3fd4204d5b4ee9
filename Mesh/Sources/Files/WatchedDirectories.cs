namespace ClusterMesh.Mesh.Sources.Files;

/// <param name="failure">Why there is no inotify.</param>
/// <summary>Which watch stands for which directory. Directories come and go; each look at the tree says again which there are.</summary>
internal sealed class WatchedDirectories(Inotify? inotify, string? failure = null)
{
    private Dictionary<int, string> _current = [];
    private Dictionary<int, string> _next = [];

    /// <summary>Directories that the kernel does not watch for us, with the reason: they are polled.</summary>
    public SortedDictionary<string, string> Unwatched { get; } = new(StringComparer.Ordinal);

    public void Begin()
    {
        _next = [];
        Unwatched.Clear();
    }

    /// <summary>True when the directory was not watched, under this name, before.</summary>
    public bool Enter(string relative, string full)
    {
        if (inotify is null)
        {
            // Said once, of the root.
            if (relative.Length == 0)
                Unwatched[relative] = failure ?? "inotify is not there";
            return false;
        }

        var watch = inotify.Add(full, out var error);
        if (watch >= 0)
        {
            _next[watch] = relative;
            return !_current.TryGetValue(watch, out var before) || before != relative;
        }

        Unwatched[relative] = error!;
        return false;
    }

    public void End()
    {
        foreach (var (watch, _) in _current)
        {
            // A directory that was moved out of the tree would go on telling us about itself.
            if (!_next.ContainsKey(watch))
                inotify!.Remove(watch);
        }

        _current = _next;
    }

    public string? PathOf(int watch) => _current.GetValueOrDefault(watch);
}
