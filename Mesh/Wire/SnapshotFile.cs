using System.Security.Cryptography;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire.Protos;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// The last good snapshot on disk, as the run of updates that tells all of it. For its owner alone, as it holds TLS keys. Written
/// whole and renamed, by a thread of its own, always ending with the newest; a large one less often than a small one.
/// </summary>
public sealed class SnapshotFile : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(200), s_longestPause = TimeSpan.FromSeconds(10);

    /// <summary>Writing takes at most about this share of one core.</summary>
    private const double Share = 0.05;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly Follower _follower;
    private readonly TimeProvider _time;
    private readonly Action<string> _problem;
    private readonly SemaphoreSlim _news = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private MeshSnapshot? _next;

    /// <param name="problem">Told when it cannot be written; the next snapshot is tried again.</param>
    public SnapshotFile(string directory, Follower follower, TimeProvider time, Action<string> problem)
    {
        (_path, _follower, _time, _problem) = (Path.Combine(directory, "snapshot"), follower, time, problem);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>To be kept; returns at once.</summary>
    public void Save(MeshSnapshot snapshot)
    {
        if (Interlocked.Exchange(ref _next, snapshot) is null) _news.Release();
    }

    /// <summary>Null = there is none.</summary>
    /// <exception cref="WireException">It cannot be read, or is another cluster's.</exception>
    internal MeshSnapshot? Load(SnapshotReceiver receiver)
    {
        if (!File.Exists(_path)) return null;
        try
        {
            // The digest of the rest comes first: a message that was cut short might parse all the same.
            var bytes = File.ReadAllBytes(_path);
            if (bytes.Length < SHA256.HashSizeInBytes || !SHA256.HashData(bytes.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes)))
                throw new WireException($"{_path}: it is damaged; it is not used");
            using var updates = new MemoryStream(bytes, SHA256.HashSizeInBytes, bytes.Length - SHA256.HashSizeInBytes, writable: false);
            while (updates.Position < updates.Length)
            {
                if (receiver.Take(SnapshotUpdate.Parser.ParseDelimitedFrom(updates)) is { } snapshot) return snapshot;
            }

            throw new WireException($"{_path}: it has no end; it is not used");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            throw new WireException($"{_path}: {exception.Message}; it is not used", exception);
        }
    }

    /// <summary>Writes what is still to be kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        WriteNext();
        _news.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                await _news.WaitAsync(_stop.Token);
                var begun = _time.GetTimestamp();
                WriteNext();
                var pause = _time.GetElapsedTime(begun) / Share;
                await Task.Delay(pause < s_shortestPause ? s_shortestPause : pause < s_longestPause ? pause : s_longestPause, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is written at the end.
        }
    }

    private void WriteTo(FileStream file, MeshSnapshot snapshot)
    {
        file.Position = SHA256.HashSizeInBytes;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var piece = new MemoryStream();
        foreach (var update in SnapshotDelta.Between(null, snapshot, null, _follower))
        {
            piece.SetLength(0);
            update.WriteDelimitedTo(piece);
            var bytes = piece.GetBuffer().AsSpan(0, (int)piece.Length);
            digest.AppendData(bytes);
            file.Write(bytes);
        }

        file.Position = 0;
        file.Write(digest.GetHashAndReset());
    }

    private void WriteNext()
    {
        if (Interlocked.Exchange(ref _next, null) is not { } snapshot) return;
        try
        {
            var aside = _path + ".new";
            File.Delete(aside);
            using (var file = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Owner, BufferSize = 64 * 1024 }))
            {
                WriteTo(file, snapshot);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problem($"{_path}: the snapshot cannot be kept: {exception.Message}");
        }
    }
}
