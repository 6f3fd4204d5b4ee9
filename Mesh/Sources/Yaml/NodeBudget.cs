namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>What one document may cost: it comes from people, and a few lines of aliases can mean billions of nodes.</summary>
internal sealed class NodeBudget
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 2_000_000;
    public const int MaxAliased = 100_000;

    private int _nodes;
    private int _aliased;

    public void TakeNode(int depth, int line)
    {
        CheckDepth(depth, line);
        if (++_nodes > MaxNodes)
            throw new YamlRefusedException(line, $"more than {MaxNodes:N0} values in one document");
    }

    public void TakeAlias(Node target, int depth, int line)
    {
        CheckDepth(depth + target.Height - 1, line);
        _aliased += target.Size;
        if (_aliased > MaxAliased)
            throw new YamlRefusedException(line, $"aliases repeat more than {MaxAliased:N0} values in one document");
    }

    private static void CheckDepth(int depth, int line)
    {
        if (depth > MaxDepth)
            throw new YamlRefusedException(line, $"nested deeper than {MaxDepth} levels");
    }
}
