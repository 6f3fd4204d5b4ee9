using System.Net;
using ClusterMesh.Agent.Datapath.Policy;
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
        var egress = Judge(from.Policy?.Egress, identity, port);
        var ingress = scene.PodAt(address.Address) is { } receiver ? Judge(receiver.Policy?.Ingress, from.Identity, port) : null;
        return new(address, scene.Names.Peer(new(address.Address), address.Port, identity), egress, ingress);
    }

    /// <summary>A step for each verdict that differs, with all to whom it applies.</summary>
    public static IEnumerable<ExplainStep> Tell(IReadOnlyList<Destination> all) =>
    [
        .. all.GroupBy(destination => VerdictText.Whole(destination.Egress.Policy, destination.Egress.Verdict)).Select(group => new ExplainStep("egress", $"to {Names(group)}: {group.Key}")),
        .. all.GroupBy(destination => destination.Ingress is { } ingress ? VerdictText.Whole(ingress.Policy, ingress.Verdict) : "its own node asks the policy of who has it")
            .Select(group => new ExplainStep("ingress", $"into {Names(group)}: {group.Key}")),
    ];

    public static string Name(Destination destination)
    {
        var peer = destination.Peer;
        var who = peer.Pod is { } pod ? $" {peer.Namespace}/{pod}" : NumericIdentity.ReservedName(peer.Identity) is { } reserved ? $" {reserved}" : "";
        return $"{destination.Address}{who}{(peer.Cluster is { } cluster ? $" in {cluster}" : "")}";
    }

    private static Judgement Judge(DirectionPolicy? policy, uint peer, ushort port) => new(policy, policy?.Decide(peer, IpProtocol.Tcp, port) ?? s_notYet);

    private static string Names(IEnumerable<Destination> some) => string.Join(", ", some.Select(Name));
}
