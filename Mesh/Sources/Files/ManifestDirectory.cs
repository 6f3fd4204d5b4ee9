using ClusterMesh.Mesh.Sources.Manifests;

namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>The files of one cluster's directory as they were last read. One thread at a time.</summary>
internal sealed class ManifestDirectory(string cluster, string root, WatchedDirectories watched)
{
    /// <summary>Whoever takes the root away and brings it back needs a moment to fill it again.</summary>
    private static readonly TimeSpan RefillTime = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<string, ManifestFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileStamp> _read = new(StringComparer.Ordinal);
    private SortedDictionary<string, FoundFile> _polled = [];
    private DirectoryScan? _scan;

    public IReadOnlyCollection<ManifestFile> Files => _files.Values;

    /// <summary>Why the root cannot be read; null when it can.</summary>
    public string? RootFailure { get; private set; } = "it was not read yet";

    public FileStamp? StampOf(string path) => FileStamp.Of(Full(path), follow: false, out _);

    /// <summary>Looks which files there are and asks for the changed ones that can be read now; for the others an event will.</summary>
    /// <param name="poll">Also ask for those that look the same as at the last poll: nobody tells about writes on NFS.</param>
    public void Look(PendingChanges pending, TimeSpan now, bool poll = false)
    {
        watched.Begin();
        var scan = new DirectoryScan(root, watched.Enter).Run();
        watched.End();
        var (wasLost, before) = (RootFailure is not null, _scan?.Root);
        RootFailure = scan.RootFailure;
        pending.LookedAgain(out var eventsLost);
        if (RootFailure is not null)
            return;
        var all = wasLost || eventsLost || before is null || !scan.Root!.Value.IsSameFile(before.Value);
        foreach (var (path, found) in scan.Files)
            Ask(path, found, all, poll, pending);
        foreach (var path in _files.Keys.Where(path => !scan.Files.ContainsKey(path) && !IsBelowUnlisted(path, scan)))
            pending.Gone(path, wasLost ? now + RefillTime : now);
        _scan = scan;
        if (poll)
            _polled = scan.Files;
    }

    public FileReading Read(string path) => FileReading.Of(Full(path));

    public void Take(string path, FileReading reading, PendingChanges pending, TimeSpan now)
    {
        if (reading is { Content: null, Refusal: null } && StampOf(path) is null)
            pending.Gone(path, now);
        else
            Take(path, reading.Stamp, Applied(path, reading));
    }

    /// <summary>Reads all that is asked for, on several cores: the first time there is no traffic to disturb.</summary>
    public void TakeAll(PendingChanges pending, TimeSpan now)
    {
        var due = pending.TakeDue();
        var read = due.AsParallel().AsOrdered().Select(path => Read(path) is var reading
            ? (path, reading, file: Applied(path, reading, Environment.ProcessorCount)) : default).ToList();
        foreach (var (path, reading, file) in read)
        {
            if (reading is { Content: null, Refusal: null } && StampOf(path) is null)
                pending.Gone(path, now);
            else
                Take(path, reading.Stamp, file);
        }
    }

    /// <summary>A file that was put back in the meantime stays: it is being written.</summary>
    public void Remove(string path)
    {
        if (StampOf(path) is not null)
            return;
        _files.Remove(path);
        _read.Remove(path);
    }

    public IReadOnlyList<Problem> Problems() =>
        DirectoryProblems.Of(cluster, root, RootFailure, _scan?.Unlisted, watched.Unwatched, _files.Values.Sum(file => file.Good.Objects));

    private void Ask(string path, FoundFile found, bool all, bool poll, PendingChanges pending)
    {
        var known = _read.TryGetValue(path, out var before);
        if (found.Stamp is not { } stamp)
            Take(path, null, FileOf(path).WithRefusal(found.Failure!));
        else if (known && before == stamp)
            return;
        else if (all || found.Fresh || (found.Linked && !(known && before.IsSameFile(stamp))))
            pending.Read(path);
        else if (poll && _polled.TryGetValue(path, out var polled) && polled.Stamp == stamp)
            pending.ReadUnclosed(path);
    }

    private void Take(string path, FileStamp? stamp, ManifestFile file)
    {
        _files[path] = file;
        if (stamp is { } read)
            _read[path] = read;
        else
            _read.Remove(path);
    }

    private ManifestFile Applied(string path, FileReading reading, int cores = 1) => reading switch
    {
        { Content: { } content } => FileOf(path).With(content, cores),
        _ => FileOf(path).WithRefusal(reading.Refusal ?? "is a symlink that leads nowhere"),
    };

    private ManifestFile FileOf(string path) => _files.TryGetValue(path, out var file) ? file : new ManifestFile(path);

    private static bool IsBelowUnlisted(string path, DirectoryScan scan) =>
        scan.Unlisted.Keys.Any(directory => path.StartsWith(directory + "/", StringComparison.Ordinal));

    private string Full(string path) => Path.Combine(root, path);
}
