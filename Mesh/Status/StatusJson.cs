using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Status;

/// <summary>The admin port's JSON, the same for the server and for the command line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(IReadOnlyList<NodeStatus>))]
[JsonSerializable(typeof(IReadOnlyList<IdentityStatus>))]
[JsonSerializable(typeof(EndpointRequest))]
[JsonSerializable(typeof(EndpointStatus))]
[JsonSerializable(typeof(IReadOnlyList<EndpointStatus>))]
[JsonSerializable(typeof(IReadOnlyList<FrontendStatus>))]
[JsonSerializable(typeof(IReadOnlyList<TunnelStatus>))]
[JsonSerializable(typeof(IReadOnlyList<IpcacheStatus>))]
[JsonSerializable(typeof(IReadOnlyList<PolicyEntryStatus>))]
[JsonSerializable(typeof(PolicyTraceStatus))]
[JsonSerializable(typeof(FlowStatus))]
[JsonSerializable(typeof(GatewayState))]
[JsonSerializable(typeof(ExplainRequest))]
[JsonSerializable(typeof(Explanation))]
public sealed partial class StatusJson : JsonSerializerContext;
