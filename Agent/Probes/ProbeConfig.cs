using System.Net;

namespace ClusterMesh.Agent.Probes;

/// <summary>Who probes, and from where.</summary>
/// <param name="Local">The node's address, and the port at which every agent listens.</param>
internal sealed record ProbeConfig(string Cluster, string Node, IPEndPoint Local)
{
    public ProbeRules Rules { get; init; } = new();

    /// <summary>Remembers who was gone; null: nothing does.</summary>
    public string? GoneNodesFile { get; init; }

    /// <summary>"cluster/node"</summary>
    public string Name => $"{Cluster}/{Node}";
}
