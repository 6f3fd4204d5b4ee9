namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>
/// What the events ask for, gathered until it is quiet. A file is read when its writer closes it or moves it into place, and
/// one that went away counts as gone only after a moment: editors move the old file aside before they write the new one.
/// </summary>
internal sealed class PendingChanges
{
    private readonly HashSet<string> _due = new(StringComparer.Ordinal);
    private readonly HashSet<string> _writing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _gone = new(StringComparer.Ordinal);

    private bool _lost;

    public bool Rescan { get; private set; }

    public bool Any => Rescan || _due.Count > 0 || _gone.Count > 0;

    public bool AnyGone => _gone.Count > 0;

    /// <summary>Whether the file has been written to since its writer last closed it.</summary>
    public bool IsBeingWritten(string path) => _writing.Contains(path);

    public void Add(InotifyMask mask, string path, TimeSpan now)
    {
        if (mask.HasFlag(InotifyMask.Modify))
        {
            _writing.Add(path);
        }
        else if ((mask & (InotifyMask.CloseWrite | InotifyMask.MovedTo)) != 0)
        {
            _writing.Remove(path);
            _due.Add(path);
        }
        else if ((mask & (InotifyMask.Delete | InotifyMask.MovedFrom)) != 0)
        {
            _writing.Remove(path);
            _due.Remove(path);
            Gone(path, now);
        }
    }

    public void Read(string path) => _due.Add(path);

    /// <summary>Its writer holds it open, or writes where no event comes from, but has been silent for long enough.</summary>
    public void ReadUnclosed(string path)
    {
        _writing.Remove(path);
        _due.Add(path);
    }

    public void Gone(string path, TimeSpan since) => _gone.TryAdd(path, since);

    public void LookAgain() => Rescan = true;

    /// <summary>Whatever looks different will have to be read.</summary>
    public void LoseEvents()
    {
        (Rescan, _lost) = (true, true);
        _writing.Clear();
    }

    public void LookedAgain(out bool eventsLost)
    {
        eventsLost = _lost;
        (Rescan, _lost) = (false, false);
    }

    /// <summary>The files to read now.</summary>
    public IReadOnlyList<string> TakeDue()
    {
        var due = _due.Where(path => !_writing.Contains(path)).Order(StringComparer.Ordinal).ToList();
        _due.Clear();
        _gone.Keys.Intersect(due).ToList().ForEach(path => _gone.Remove(path));
        return due;
    }

    /// <summary>The files that went away no later than then.</summary>
    public IReadOnlyList<string> TakeGone(TimeSpan until)
    {
        var gone = _gone.Where(pair => pair.Value <= until).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
        gone.ForEach(path => _gone.Remove(path));
        return gone;
    }
}
