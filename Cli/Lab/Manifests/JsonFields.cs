using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Lab.Manifests;

/// <summary>Reads fields of an object that somebody wrote: what is not there, or of another type, is null or empty.</summary>
internal static class JsonFields
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var key in path) node = node is JsonObject map && map.TryGetPropertyValue(key, out var value) ? value : null;
        return node;
    }

    /// <summary>A string; a number or a boolean as it is written.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) is JsonValue value ? value.ToString() : null;

    public static int? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        // A number that was read can be had as any type, one that was set only as its own.
        node.At(path) is JsonValue value && (value.TryGetValue<int>(out var number) || (value.TryGetValue<long>(out var large) && (number = (int)large) == large)) && number >= 0 ? number : null;

    public static IEnumerable<JsonNode> Items(this JsonNode? node, params ReadOnlySpan<string> path) => (node.At(path) as JsonArray)?.OfType<JsonNode>() ?? [];

    public static IReadOnlyDictionary<string, string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonObject)?.Where(pair => pair.Value is JsonValue).ToDictionary(pair => pair.Key, pair => pair.Value!.ToString()) ?? [];

    /// <summary>The map at that key, which is made when it is not there.</summary>
    public static JsonObject Map(this JsonObject node, string key)
    {
        if (node[key] is JsonObject map) return map;
        node[key] = map = [];
        return map;
    }
}
