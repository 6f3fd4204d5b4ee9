using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Status;

/// <summary>The admin port's JSON, the same for the server and for the command line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(IReadOnlyList<NodeStatus>))]
[JsonSerializable(typeof(IReadOnlyList<IdentityStatus>))]
[JsonSerializable(typeof(GatewayState))]
[JsonSerializable(typeof(ExplainRequest))]
[JsonSerializable(typeof(Explanation))]
public sealed partial class StatusJson : JsonSerializerContext;
