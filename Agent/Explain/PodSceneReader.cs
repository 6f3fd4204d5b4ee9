using System.Net;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Agent.Options;

namespace ClusterMesh.Agent.Explain;

/// <summary>Takes from the agent's parts what decides about a pod's requests. Any thread.</summary>
internal sealed class PodSceneReader(AgentOptions options, AgentParts parts)
{
    /// <summary>Null: nothing is known yet, or this agent moves no packets.</summary>
    public PodScene? Read()
    {
        if (parts.Datapath is not { } datapath || parts.Latest is not { } mesh) return null;
        return new(
            options.Cluster, options.Node, mesh, datapath.Endpoints.Keys.ToDictionary(pod => pod, pod => PodOf(datapath, pod)), parts.Services?.Status() ?? [],
            new(new FlowWorldReader(options, parts).Read()), address => KernelEvents.IdentityOf(datapath.Kernel, new(address)), datapath.Kernel.HasProxy);
    }

    private static ScenePod PodOf(NodeDatapath datapath, Mesh.Objects.ObjectKey pod)
    {
        var endpoint = datapath.Endpoints[pod];
        var resolved = datapath.Policies.Endpoints.GetValueOrDefault(pod) ?? Datapath.Policy.ResolvedEndpoint.Unknown(endpoint);
        return new(pod, endpoint.Id, endpoint.Address, resolved.Identity, resolved.Labels.Split(';', StringSplitOptions.RemoveEmptyEntries), datapath.Policies.Policies.GetValueOrDefault(endpoint.Id));
    }
}
