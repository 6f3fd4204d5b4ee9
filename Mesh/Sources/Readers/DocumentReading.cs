using System.Text;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Reads one document: an object, a list of objects, or a kind that is only counted.</summary>
internal sealed class DocumentReading
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<ReadObject> _objects = [];
    private readonly List<ReadObject> _closed = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _unknown = [];
    private readonly Func<UInt128, KubernetesObject?> _known;

    private DocumentReading(Func<UInt128, KubernetesObject?> known) => _known = known;

    /// <param name="known">Gives the object read before from equal values, so that an unchanged object stays the same one.</param>
    public static ParsedDocument Read(ReadOnlySpan<byte> text, Func<UInt128, KubernetesObject?> known)
    {
        var reading = new DocumentReading(known);
        try
        {
            reading.Document(text);
        }
        catch (YamlRefusedException e)
        {
            reading._findings.Add(new Finding(e.Line, null, "", e.Message));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A fault of ours or of the parser must not take the process down, nor the other files with it.
            reading._findings.Add(new Finding(1, null, "", $"could not be read ({e.GetType().Name})"));
        }

        return new ParsedDocument([.. reading._objects], [.. reading._findings], [.. reading._unknown]) { Closed = [.. reading._closed] };
    }

    private void Document(ReadOnlySpan<byte> text)
    {
        // The parser takes a NUL for the end of the text and would drop the rest in silence.
        if (text.IndexOf((byte)0) is var nul and >= 0)
            throw new YamlRefusedException(text[..nul].Count((byte)'\n') + 1, "contains a NUL byte");
        if (NodeBuilder.Build(Decoded(text)) is { } root)
            Value(root, "", null);
    }

    private static string Decoded(ReadOnlySpan<byte> text)
    {
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new YamlRefusedException(text[..Math.Clamp(e.Index, 0, text.Length)].Count((byte)'\n') + 1, "is not UTF-8");
        }
    }

    private void Value(Node node, string path, Defaults? defaults)
    {
        if (node is not MapNode map)
        {
            _findings.Add(new Finding(node.Line, null, path, "is not a map, expected a Kubernetes object"));
            return;
        }

        var header = new ObjectReading(_findings).Root(map, path);
        var apiVersion = defaults is null || header["apiVersion"].IsSet ? header["apiVersion"].Required("an API version such as v1") : defaults.ApiVersion;
        var kind = defaults is null || header["kind"].IsSet ? header["kind"].Required("a kind such as Service") : defaults.Kind;
        if (apiVersion.Length == 0 || kind.Length == 0)
            return;
        if (kind.EndsWith("List", StringComparison.Ordinal) && (map["items"] is ListNode || (kind, apiVersion) == ("List", "v1")))
            Items(header["items"], path, kind == "List" ? null : new Defaults(apiVersion, kind[..^"List".Length]));
        else
            Object(map, path, apiVersion, kind);
    }

    private void Items(Field items, string path, Defaults? defaults)
    {
        foreach (var (item, at) in items.Items().Select((item, at) => (item.Node!, at)))
            Value(item, path.Length == 0 ? $"items[{at}]" : $"{path}.items[{at}]", defaults);
    }

    private void Object(MapNode map, string path, string apiVersion, string kind)
    {
        var standing = Kinds.Of(apiVersion, kind);
        if (standing is KindStanding.Unknown)
            _unknown.Add($"{apiVersion}/{kind}");
        else if (standing is not KindStanding.Read)
            NotRead(map, path, apiVersion, kind, standing);
        else if (kind == "Secret" && OtherType(map) is { } type)
            _unknown.Add($"Secret ({type})");
        else
            Keep(ObjectReader.Read(map, apiVersion, kind, path, _findings), NodeFingerprint.Of(map, apiVersion, kind), map.Line);
    }

    private static string? OtherType(MapNode secret) => secret["type"] switch
    {
        null or ScalarNode { Type: ScalarType.Null } => SecretReader.DefaultType,
        ScalarNode { Text: not SecretObject.TlsType, Type: ScalarType.String } type => Shown.Text(type.Text),
        _ => null,
    };

    private void NotRead(MapNode map, string path, string apiVersion, string kind, KindStanding standing)
    {
        var reading = new ObjectReading(_findings);
        var root = reading.Root(map, path);
        reading.Subject = MetaReader.NameOf(root, Kinds.IsNamespaced(kind)) is { } name ? $"{kind} {name}" : null;
        var field = root["apiVersion"];
        if (standing is KindStanding.NotServedAnyMore)
            field.Warn($"{apiVersion} is not served any more, expected {Kinds.VersionsOf(kind)}", "the object is ignored");
        else
            field.Error($"\"{Shown.Text(apiVersion)}\" has no {kind}, expected {Kinds.VersionsOf(kind)}");
    }

    private void Keep((KubernetesObject? Object, bool Failed) read, UInt128 fingerprint, int line)
    {
        if (read is (PolicyObject policy, true))
            _closed.Add(new ReadObject(policy, fingerprint, line));
        else if (read is ({ } sound, false))
            _objects.Add(new ReadObject(_known(fingerprint) ?? sound, fingerprint, line));
    }

    private sealed record Defaults(string ApiVersion, string Kind);
}
