using System.Net;

namespace ClusterMesh.Agent.Probes;

/// <summary>A node to probe, and where.</summary>
internal sealed record ProbeTarget(string Cluster, string Node, IPAddress Address)
{
    /// <summary>"cluster/node"</summary>
    public string Name => $"{Cluster}/{Node}";
}
