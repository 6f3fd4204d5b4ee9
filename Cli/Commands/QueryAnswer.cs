using System.Text.Json.Nodes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>An answer in both forms: the gateway's own JSON, and for people.</summary>
internal sealed record QueryAnswer(JsonNode? Json, Action<Screen> Print, int ExitCode = ExitCode.Ok);
