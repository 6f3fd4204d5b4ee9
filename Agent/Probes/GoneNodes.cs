using System.Collections.Immutable;

namespace ClusterMesh.Agent.Probes;

/// <summary>
/// Which nodes were gone, in a file: an agent that starts while a node is away must not take it for one that it has never heard, and
/// bring its backends back. What cannot be read or written costs only that.
/// </summary>
internal sealed class GoneNodes(string? path)
{
    private const int LongestFile = 1 << 20;

    private ImmutableSortedSet<string> _written = [];

    /// <summary>"cluster/node" of those that were gone when it was last written.</summary>
    public ImmutableSortedSet<string> Read()
    {
        try
        {
            if (path is not null && new FileInfo(path) is { Exists: true, Length: <= LongestFile }) _written = [.. File.ReadLines(path)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }

        return _written;
    }

    public void Write(NodeReachability now)
    {
        var gone = now.Nodes.Where(node => node.Value.State == "unreachable").Select(node => node.Key).ToImmutableSortedSet(StringComparer.Ordinal);
        if (path is null || gone.SetEquals(_written)) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines($"{path}.new", gone);
            File.Move($"{path}.new", path, overwrite: true);
            _written = gone;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
