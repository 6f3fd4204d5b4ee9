namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>One value of a document, with the line (of the document, from 1) where it begins.</summary>
internal abstract class Node(int line)
{
    public int Line { get; } = line;

    /// <summary>Nodes in this tree with every alias written out.</summary>
    public int Size { get; protected set; } = 1;

    /// <summary>Levels in this tree; 1 for a scalar.</summary>
    public int Height { get; protected set; } = 1;

    protected void Hold(Node child)
    {
        Size += child.Size;
        Height = Math.Max(Height, child.Height + 1);
    }
}

internal sealed class ListNode(int line) : Node(line)
{
    private readonly List<Node> _items = [];

    public IReadOnlyList<Node> Items => _items;

    public void Add(Node item)
    {
        _items.Add(item);
        Hold(item);
    }
}

/// <param name="plain">Written without quotes or tag: its type is seen from its text.</param>
internal sealed class ScalarNode(int line, string text, bool plain) : Node(line)
{
    public string Text { get; } = text;

    public ScalarType Type { get; } = plain ? ScalarTypes.Of(text) : ScalarType.String;
}
