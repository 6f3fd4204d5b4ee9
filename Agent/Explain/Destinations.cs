using System.Net;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Explain;

/// <summary>Asks the policies of both ends of a connection, and tells what they say. Pure.</summary>
internal sealed class Destinations(PodScene scene, ScenePod from)
{
    private static readonly PolicyVerdict s_notYet = new(PolicyReason.NotAllowed, null);

    public Destination Of(IPEndPoint address)
    {
        var (port, identity) = ((ushort)address.Port, scene.IdentityOf(address.Address));
        var egress = from.Policy?.Decide(PolicyDirection.Egress, identity, IpProtocol.Tcp, port) ?? s_notYet;
        var receiver = scene.PodAt(address.Address);
        var ingress = receiver is null ? null : receiver.Policy?.Decide(PolicyDirection.Ingress, from.Identity, IpProtocol.Tcp, port) ?? s_notYet;
        return new(address, scene.Names.Peer(new(address.Address), address.Port, identity), egress, ingress);
    }

    /// <summary>A step for each verdict that differs, with all to whom it applies.</summary>
    public static IEnumerable<ExplainStep> Tell(IReadOnlyList<Destination> all) =>
    [
        .. all.GroupBy(destination => Destination.Text(destination.Egress)).Select(group => new ExplainStep("egress", $"to {Names(group)}: {group.Key}")),
        .. all.GroupBy(destination => destination.Ingress is { } ingress ? Destination.Text(ingress) : "its own node asks the policy of who has it")
            .Select(group => new ExplainStep("ingress", $"into {Names(group)}: {group.Key}")),
    ];

    public static string Name(Destination destination)
    {
        var peer = destination.Peer;
        var who = peer.Pod is { } pod ? $" {peer.Namespace}/{pod}" : NumericIdentity.ReservedName(peer.Identity) is { } reserved ? $" {reserved}" : "";
        return $"{destination.Address}{who}{(peer.Cluster is { } cluster ? $" in {cluster}" : "")}";
    }

    private static string Names(IEnumerable<Destination> some) => string.Join(", ", some.Select(Name));
}
