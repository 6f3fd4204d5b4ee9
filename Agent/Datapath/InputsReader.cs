using System.Collections.Immutable;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Agent.Probes;

namespace ClusterMesh.Agent.Datapath;

/// <summary>Takes what there is at one moment from the agent's parts.</summary>
internal sealed class InputsReader(AgentParts parts)
{
    /// <summary>Null until the manifests were read.</summary>
    public NodeInputs? Read(NodeDatapath datapath) => parts.Latest is not { } snapshot
        ? null
        : new(snapshot, parts.Remotes?.Current ?? [], parts.Publisher?.Identities, datapath.Endpoints, NodeReachability.Unknown, parts.Gate.Opened.IsCompleted);
}
