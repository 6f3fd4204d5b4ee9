namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>One question "how far are you?", put to the watches of all parts.</summary>
internal sealed class ProgressRound
{
    private readonly HashSet<RemotePart> _silent = [];
    private DateTimeOffset _asked;

    /// <summary>A question that not all have answered yet is given up for this one.</summary>
    public void Begin(DateTimeOffset now)
    {
        _asked = now;
        _silent.UnionWith(RemoteParts.All);
    }

    /// <summary>When the last part has answered: the time at which the question was put.</summary>
    public DateTimeOffset? Answer(RemotePart part) => _silent.Remove(part) && _silent.Count == 0 ? _asked : null;
}
