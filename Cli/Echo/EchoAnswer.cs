using System.Text.Json.Serialization;

namespace ClusterMesh.Cli.Echo;

/// <summary>The body of an echo: who answered, and what reached it. A header that came twice is joined by ", ".</summary>
internal sealed record EchoAnswer(
    string Service, string Version, string Cluster, string Pod,
    string Method, string Path, string Query, string Host, string Protocol, long BodyBytes,
    IReadOnlyDictionary<string, string> Headers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EchoAnswer))]
internal sealed partial class EchoJson : JsonSerializerContext;
