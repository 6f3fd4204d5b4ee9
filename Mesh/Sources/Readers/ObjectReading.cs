using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>The reading of one object: who it is, once that is known, and all that was found wrong with it.</summary>
internal sealed class ObjectReading(List<Finding> findings)
{
    private const int Most = 500;

    public string? Subject { get; set; }

    /// <summary>A Secret's values are never repeated in a message.</summary>
    public bool HidesValues { get; init; }

    public int Errors { get; private set; }

    public bool Failed => Errors > 0;

    public Field Root(MapNode node, string path) => new(this, null, path, node);

    public void Error(int line, string field, string reason)
    {
        Errors++;
        Add(new Finding(line, Subject, field, reason));
    }

    /// <summary>An error that is not told, as one that explains it was told already.</summary>
    public void AlsoWrong() => Errors++;

    public void Warn(int line, string field, string reason, string instead) => Add(new Finding(line, Subject, field, reason, instead));

    /// <summary>What was seen, in words.</summary>
    public string Seen(Node node) => node switch
    {
        MapNode => "is a map",
        ListNode => "is a list",
        ScalarNode { Type: ScalarType.Null } => "is null",
        ScalarNode scalar => $"{(HidesValues ? "the value" : Quoted(scalar))} is a {scalar.Type.ToString().ToLowerInvariant()}",
        _ => "is unknown",
    };

    private void Add(Finding finding)
    {
        // One wrong thing may be met twice; and of very many nobody reads more than the first.
        if (findings.Count < Most && !findings.Contains(finding))
            findings.Add(finding);
    }

    private static string Quoted(ScalarNode scalar) =>
        scalar.Type is ScalarType.String ? $"\"{Shown.Text(scalar.Text)}\"" : Shown.Text(scalar.Text);
}
