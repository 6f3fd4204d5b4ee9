using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Rendering;

/// <summary>Parts of the gateway's JSON, as it wrote them.</summary>
internal static class JsonPart
{
    public static JsonObject Pick(JsonObject from, params string[] names)
    {
        var part = new JsonObject();
        foreach (var name in names.Where(from.ContainsKey))
            part[name] = from[name]?.DeepClone();
        return part;
    }
}
