using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterMesh.Cli.Lab.Manifests;

/// <summary>YAML documents as JSON, with YAML 1.2's core schema for plain words.</summary>
internal static partial class YamlJson
{
    /// <summary>Also bounds what repeated anchors grow to.</summary>
    private const int MaxNodes = 500_000, MaxDepth = 64;

    /// <param name="where">The file, for messages.</param>
    /// <exception cref="LabException">It is not YAML, or grows out of bounds.</exception>
    public static IReadOnlyList<JsonNode> Read(string text, string where)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
            var left = MaxNodes;
            return [.. stream.Documents.Select(document => Node(document.RootNode, 0, ref left)).OfType<JsonNode>()];
        }
        catch (YamlException error)
        {
            throw new LabException($"{where} line {error.Start.Line}: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or InvalidCastException)
        {
            // The parser's own way to say that about some texts.
            throw new LabException($"{where}: not valid YAML: {error.Message}", error);
        }
    }

    private static JsonNode? Node(YamlNode node, int depth, ref int left)
    {
        if (--left < 0 || depth > MaxDepth) throw new YamlException(node.Start, node.End, "the document is too large or too deep");
        switch (node)
        {
            case YamlMappingNode map:
                var json = new JsonObject();
                foreach (var (key, value) in map.Children)
                    json.Add(key is YamlScalarNode { Value: { } name } ? name : throw new YamlException(key.Start, key.End, "a key is not a word"), Node(value, depth + 1, ref left));
                return json;
            case YamlSequenceNode list:
                var array = new JsonArray();
                foreach (var item in list.Children) array.Add(Node(item, depth + 1, ref left));
                return array;
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str")) return text;
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ when Fraction().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
            _ => text,
        };
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();
}
