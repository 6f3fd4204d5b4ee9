using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Rendering;

/// <summary>Parts of the gateway's JSON, as it wrote them.</summary>
internal static class JsonPart
{
    public static JsonObject Pick(JsonNode from, params string[] names)
    {
        var part = new JsonObject();
        foreach (var name in names.Where(from.AsObject().ContainsKey))
            part[name] = from[name]?.DeepClone();
        return part;
    }
}
