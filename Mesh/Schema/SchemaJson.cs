using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Schema;

/// <summary>The JSON of Cilium's kvstore values. Unknown fields are ignored, as Go's readers do.</summary>
[JsonSerializable(typeof(ClusterConfigRecord))]
[JsonSerializable(typeof(ServiceRecord))]
[JsonSerializable(typeof(NodeRecord))]
[JsonSerializable(typeof(IpRecord))]
public sealed partial class SchemaJson : JsonSerializerContext
{
    /// <summary>Without escapes that Go would not write.</summary>
    public static SchemaJson Instance { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
