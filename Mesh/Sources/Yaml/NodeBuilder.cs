using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>Builds the node tree of one document from the parser's events, within a budget.</summary>
internal sealed class NodeBuilder
{
    private readonly Parser _events;
    private readonly NodeBudget _budget = new();
    private readonly Dictionary<AnchorName, Node> _anchors = [];
    private int _line = 1;

    private NodeBuilder(string text) => _events = new Parser(new StringReader(text));

    /// <summary>Null for a document without a value, such as one that is only comments.</summary>
    public static Node? Build(string text)
    {
        try
        {
            return new NodeBuilder(text).Document();
        }
        catch (YamlException e)
        {
            throw new YamlRefusedException((int)e.Start.Line, $"not valid YAML: {e.Message}");
        }
    }

    private Node? Document()
    {
        Next();
        if (Next() is not DocumentStart)
            return null;
        var root = Value(Next(), 1);
        Next();
        if (Next() is DocumentStart second)
            throw new YamlRefusedException(LineOf(second), "a second document begins here, but its marker does not begin a line");
        return root is ScalarNode { Type: ScalarType.Null } ? null : root;
    }

    private Node Value(ParsingEvent next, int depth)
    {
        var line = LineOf(next);
        if (next is AnchorAlias alias)
            return Aliased(alias, depth, line);
        _budget.TakeNode(depth, line);
        Node node = next switch
        {
            Scalar scalar => ScalarOf(scalar, line),
            SequenceStart => List(line, depth),
            MappingStart => Map(line, depth),
            _ => throw new YamlRefusedException(line, $"not valid YAML: unexpected {next.GetType().Name}"),
        };
        // Only a finished node may be repeated, so no tree can contain itself.
        if (next is NodeEvent { Anchor.IsEmpty: false } named)
            _anchors[named.Anchor] = node;
        return node;
    }

    private Node Aliased(AnchorAlias alias, int depth, int line)
    {
        if (!_anchors.TryGetValue(alias.Value, out var node))
            throw new YamlRefusedException(line, $"*{alias.Value} repeats an anchor that is not complete before it");
        _budget.TakeAlias(node, depth, line);
        return node;
    }

    private ListNode List(int line, int depth)
    {
        var list = new ListNode(line);
        while (Next() is var next and not SequenceEnd)
            list.Add(Value(next, depth + 1));
        return list;
    }

    private MapNode Map(int line, int depth)
    {
        var map = new MapNode(line);
        List<Node>? merges = null;
        while (Next() is var next and not MappingEnd)
        {
            var keyLine = LineOf(next);
            var key = Key(next, depth, keyLine);
            var value = Value(Next(), depth + 1);
            if (key == MergeKey.Name && next is Scalar { Style: ScalarStyle.Plain })
                (merges ??= []).Add(value);
            else if (!map.TryAdd(key, keyLine, value))
                throw new YamlRefusedException(keyLine, $"the key \"{Shown.Text(key)}\" is there twice, first in line {map.LineOf(key)} of the document");
        }

        merges?.ForEach(source => MergeKey.Merge(source, map));
        return map;
    }

    private string Key(ParsingEvent next, int depth, int line) => Value(next, depth + 1) switch
    {
        ScalarNode { Type: not ScalarType.Null } key => key.Text,
        ScalarNode => throw new YamlRefusedException(line, "a key of a map is empty"),
        _ => throw new YamlRefusedException(line, "a key of a map is not a string (a template that was not rendered?)"),
    };

    private static ScalarNode ScalarOf(Scalar scalar, int line)
    {
        if (scalar.Tag.IsEmpty)
            return new ScalarNode(line, scalar.Value, scalar.Style is ScalarStyle.Plain);
        return (scalar.Tag.IsNonSpecific ? "!" : scalar.Tag.Value) switch
        {
            "!" or "?" or "tag:yaml.org,2002:str" => new ScalarNode(line, scalar.Value, plain: false),
            "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null" =>
                new ScalarNode(line, scalar.Value, plain: true),
            var tag => throw new YamlRefusedException(line, $"the tag {Shown.Text(tag)} is not supported"),
        };
    }

    private ParsingEvent Next()
    {
        try
        {
            if (!_events.MoveNext())
                return new StreamEnd();
        }
        catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
        {
            // The parser answers some texts, such as an unclosed list over two lines, with other exceptions than its own.
            throw new YamlRefusedException(_line, "not valid YAML from here on");
        }

        _line = LineOf(_events.Current!);
        return _events.Current!;
    }

    private static int LineOf(ParsingEvent at) => (int)at.Start.Line;
}
