using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Admin;

/// <summary>What the gateway answered: its JSON, kept whole for scripts (a newer gateway may say more), and the typed form.</summary>
internal sealed record AdminReply<T>(JsonNode Json, T Value);
