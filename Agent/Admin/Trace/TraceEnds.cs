using System.Globalization;
using System.Net;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;

namespace ClusterMesh.Agent.Admin.Trace;

/// <summary>Finds out who is meant: NS/POD, an address, a number of an identity, or the name of a reserved one.</summary>
internal sealed class TraceEnds(NodeDatapath datapath)
{
    private readonly NodePolicies _told = datapath.Policies.Told.Current ?? NodePolicies.None;

    /// <summary>Null, and why.</summary>
    public TraceEnd? Find(string text, out string error)
    {
        error = "";
        if (text.Split('/') is [{ Length: > 0 } space, { Length: > 0 } pod]) return FindPod(text, new(space, pod), out error);
        if (IPAddress.TryParse(text, out var address) && text.AsSpan().ContainsAny('.', ':')) return Of(text, address);
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new(text, number, LabelsOf(number), null);
        if (Enumerable.Range(1, 10).FirstOrDefault(id => NumericIdentity.ReservedName((uint)id) == text) is > 0 and var reserved)
            return new(text, (uint)reserved, LabelsOf((uint)reserved), reserved == NumericIdentity.Ingress ? _told.Gateway : null);
        error = $"\"{text}\" is not NAMESPACE/POD, an address, the number of an identity, or one of host, world, remote-node, ingress and the other reserved identities";
        return null;
    }

    private TraceEnd? FindPod(string text, ObjectKey pod, out string error)
    {
        error = "";
        if (_told.FindByPod(pod) is { } local) return Of(text, local);
        if (datapath.Policies.Pods.GetValueOrDefault(pod) is { Addresses: [var address, ..] }) return Of(text, address);
        error = $"{pod} is neither an endpoint of this node that its kernel has a policy for, nor a pod of this cluster with an address";
        return null;
    }

    private TraceEnd Of(string text, IPAddress address)
    {
        if (_told.FindByAddress(address) is { } local) return Of(text, local);
        var identity = KernelEvents.IdentityOf(datapath.Kernel, new(address));
        return new(text, identity, LabelsOf(identity), null);
    }

    private TraceEnd Of(string text, NodeEndpoint local) => new(text, local.Identity, LabelsOf(local.Identity), local.Policy);

    private string LabelsOf(uint identity) => datapath.Policies.LabelsOf(identity) ?? "";
}
