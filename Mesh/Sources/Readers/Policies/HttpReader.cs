using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Sources.Readers.HttpRoutes;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>rules.http of one of a rule's toPorts (cilium.md 4).</summary>
internal static class HttpReader
{
    private const int Most = 100;

    private static readonly string[] Mismatches = ["LOG", "ADD", "DELETE", "REPLACE"];

    /// <summary>Null = requests are not asked about; as in Cilium, so it is with an empty list.</summary>
    public static ImmutableArray<HttpRule>? Read(Field item)
    {
        var http = item["rules"]["http"];
        var rules = http.Items();
        if (http.IsSet && rules is []) http.Warn("is empty, which is the same as leaving it out", "it does not restrict the requests");
        if (rules is []) return null;
        if (rules.Count > Most) http.Error($"has {rules.Count} rules, expected at most {Most}");
        return [.. rules.Take(Most).Select(Rule)];
    }

    /// <summary>The values that are in Secrets, which nobody here reads.</summary>
    public static IEnumerable<Field> Secrets(Field item) =>
        item["rules"]["http"].Items().SelectMany(rule => rule["headerMatches"].Items()).Select(header => header["secret"]).Where(secret => secret.IsSet);

    private static HttpRule Rule(Field field)
    {
        field.Present("a rule ({} for every request)");
        KnownFields.Only(field, "method", "path", "host", "headers", "headerMatches");
        HeaderMatch?[] headers = [.. field["headers"].Items().Select(Header), .. field["headerMatches"].Items().Select(Match)];
        return new(Pattern(field["method"]), Pattern(field["path"]), Pattern(field["host"]), [.. headers.OfType<HeaderMatch>()]);
    }

    private static HttpPattern? Pattern(Field field)
    {
        if (field.Text() is not { Length: > 0 } text) return null;
        var pattern = HttpPattern.Of(text, out var problem);
        if (problem is not null) field.Error($"\"{Shown.Text(text)}\" {problem}");
        return pattern;
    }

    /// <summary>"Name", "Name value" or "Name: value".</summary>
    private static HeaderMatch? Header(Field field)
    {
        var text = field.Required("a header's name, or name and value");
        var space = text.IndexOf(' ');
        return space < 0 ? Of(field, text, null) : Of(field, text[..space].TrimEnd(':'), text[(space + 1)..]);
    }

    private static HeaderMatch? Match(Field field)
    {
        KnownFields.Only(field, "name", "value", "secret", "mismatch");
        var name = field["name"].Required("a header's name");
        var mismatch = Choice.Of(field["mismatch"], Mismatches) is { } choice ? Enum.Parse<HeaderMismatch>(choice, ignoreCase: true) : HeaderMismatch.Refuse;
        if (field["secret"].IsSet)
        {
            KnownFields.Only(field["secret"], "namespace", "name");
            field["secret"]["name"].Required("a Secret's name");
        }

        // LOG alone does not write it.
        if (mismatch is (HeaderMismatch.Add or HeaderMismatch.Delete or HeaderMismatch.Replace) && FieldName.IsOfConnection(name))
            field["name"].Error($"{name} belongs to the connection or says whose request it is, a rule cannot write it");
        return Of(field["name"], name, field["value"].Text() is { Length: > 0 } value ? value : null, mismatch);
    }

    private static HeaderMatch? Of(Field field, string name, string? value, HeaderMismatch mismatch = HeaderMismatch.Refuse)
    {
        // ":authority" and its like are asked about by their own fields.
        if (name.Length <= 256 && HttpToken.IsToken(name) && !(value ?? "").Any(char.IsControl)) return new(name, value, mismatch);
        // The value may be meant to be secret.
        if (name.Length > 0) field.Error($"\"{Shown.Text(name)}\" is not a header's name, or a control character is in its value");
        return null;
    }
}
