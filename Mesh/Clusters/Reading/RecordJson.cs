using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterMesh.Mesh.Clusters.Reading;

internal static class RecordJson
{
    /// <summary>Null when it is not JSON, not that record, or the literal null.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> value, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(value, type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
