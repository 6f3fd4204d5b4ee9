using System.Globalization;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class MetaReader
{
    private const string DefaultNamespace = "default";

    /// <summary>"default/web", as far as it can be told before anything is checked: messages need it first.</summary>
    public static string? NameOf(Field root, bool namespaced)
    {
        if (root.Node is not MapNode map || map["metadata"] is not MapNode meta || meta["name"] is not ScalarNode { Text.Length: > 0 } name)
            return null;
        var space = meta["namespace"] is ScalarNode { Text.Length: > 0 } written ? written.Text : DefaultNamespace;
        return Shown.Text(namespaced ? $"{space}/{name.Text}" : name.Text);
    }

    public static ObjectMeta Read(Field root, NameRule rule, bool namespaced = true)
    {
        var meta = root["metadata"];
        var key = new ObjectKey(namespaced ? Namespace(meta["namespace"]) : "", Name(meta, rule));
        return new ObjectMeta(key, Texts(meta["labels"]), Texts(meta["annotations"]), Created(meta["creationTimestamp"]));
    }

    private static string Name(Field meta, NameRule rule)
    {
        var name = meta["name"];
        if (!name.IsSet && meta["generateName"].IsSet)
            name.Error("is missing; generateName makes a name only inside an API server");
        return rule is NameRule.Label ? Dns.RequiredLabel(name, "a name") : Dns.RequiredSubdomain(name, "a name");
    }

    private static string Namespace(Field space) => Dns.LabelOf(space) is { Length: > 0 } name ? name : DefaultNamespace;

    /// <summary>A map of strings, such as labels.</summary>
    public static IReadOnlyDictionary<string, string> Texts(Field map)
    {
        if (!map.IsSet)
            return ObjectMeta.None;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries())
            texts[key] = TextOf(value);
        return texts;
    }

    /// <summary>The API server refuses an unquoted number; its text is what the user meant, so we take it and say so.</summary>
    public static string TextOf(Field value)
    {
        if (value.Node is not ScalarNode { Type: ScalarType.Number or ScalarType.Bool } scalar)
            return value.Text() ?? "";
        value.Warn($"{Shown.Text(scalar.Text)} is not quoted, Kubernetes wants a string here", $"read as \"{Shown.Text(scalar.Text)}\"");
        return scalar.Text;
    }

    private static DateTimeOffset? Created(Field created)
    {
        if (created.Text() is not { Length: > 0 } text)
            return null;
        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (text[^1] is 'Z' or 'z' || text is [.., '+' or '-', _, _, ':', _, _])
        {
            if (DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
        }

        created.Error($"\"{Shown.Text(text)}\" is not a time in RFC 3339 form such as 2026-01-31T12:00:00Z");
        return null;
    }
}

/// <summary>Which form Kubernetes asks of an object's name.</summary>
internal enum NameRule { Label, Subdomain }
