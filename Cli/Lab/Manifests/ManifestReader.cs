using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterMesh.Cli.Lab.Manifests;

/// <summary>Reads manifests as kubectl would send them: lists are taken apart, a missing namespace is "default".</summary>
internal static partial class ManifestReader
{
    private const long MaxBytes = 16 * 1024 * 1024;

    private static readonly string[] s_extensions = [".yaml", ".yml", ".json"];

    /// <param name="path">A file, or a directory with files.</param>
    /// <exception cref="LabException">One of them cannot be read; nothing of any counts then.</exception>
    public static IReadOnlyList<JsonObject> Read(string path)
    {
        try
        {
            if (!Directory.Exists(path)) return ReadText(Text(path), path);
            return [.. Directory.EnumerateFiles(path).Where(IsManifest).Order(StringComparer.Ordinal).SelectMany(file => ReadText(Text(file), file))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"manifests: {error.Message}", error);
        }
    }

    /// <param name="where">Where it is from, for messages.</param>
    /// <exception cref="LabException"/>
    public static IReadOnlyList<JsonObject> ReadText(string text, string where) => [.. YamlJson.Read(text, where).SelectMany(node => Objects(node, where))];

    private static IEnumerable<JsonObject> Objects(JsonNode node, string where)
    {
        if (node is not JsonObject theObject || theObject.Text("kind") is not { Length: > 0 } kind || theObject.Text("apiVersion") is not { Length: > 0 })
            throw new LabException($"{where}: a document is not a Kubernetes object: it needs apiVersion and kind");
        if (kind.EndsWith("List", StringComparison.Ordinal) && theObject["items"] is JsonArray items)
            return items.OfType<JsonNode>().SelectMany(item => Objects(item, where));
        var id = ObjectId.Of(theObject);
        if (!Name().IsMatch(id.Key.Name)) throw new LabException($"{where}: {kind}: metadata.name: '{id.Key.Name}' is not a name of a-z, 0-9, - and .");
        if (id.Key.Namespace is { Length: > 0 } space)
        {
            if (!Name().IsMatch(space)) throw new LabException($"{where}: {id}: metadata.namespace: '{space}' is not a name of a-z, 0-9 and -");
            theObject.Map("metadata")["namespace"] = space;
        }

        return [theObject];
    }

    private static string Text(string file) =>
        new FileInfo(file).Length <= MaxBytes ? File.ReadAllText(file) : throw new LabException($"{file}: is over {MaxBytes} bytes");

    private static bool IsManifest(string file) => !Path.GetFileName(file).StartsWith('.') && s_extensions.Contains(Path.GetExtension(file));

    // It becomes part of the names of files and namespaces, which are at most 255 bytes.
    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9.:]{0,61}[a-z0-9])?\z")]
    private static partial Regex Name();
}
