using System.Globalization;
using System.Net;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy.Drawn;

/// <summary>A first packet: one of the world's pods, and at its other end a pod, a reserved identity or an address.</summary>
internal sealed record Packet(WorldPod Subject, PolicyDirection Direction, string Peer, WorldPod? PeerPod, string Protocol, int Port);

/// <param name="Methods">Null: the proxy is not asked.</param>
internal sealed record Outcome(bool Allowed, HashSet<string>? Methods);

/// <summary>Reads policies as a person would, rule by rule and address by address: no identities, no prefixes, no order of entries.</summary>
internal static class NaivePolicy
{
    private const string ClusterKey = "io.cilium.k8s.policy.cluster";

    /// <summary>What becomes of its connection.</summary>
    public static Outcome Of(DrawnPolicy[] policies, Packet packet)
    {
        var (isolated, allowed, methods) = (false, packet is { Direction: PolicyDirection.Ingress, Peer: "host" }, (HashSet<string>?)null);
        foreach (var policy in policies.Where(policy => Selects(policy, packet.Subject)))
        {
            var rules = policy.Rules.Where(rule => rule.Direction == packet.Direction).ToList();
            isolated |= (packet.Direction is PolicyDirection.Ingress ? policy.Ingress : policy.Egress) ?? rules.Count > 0;
            foreach (var rule in rules.Where(rule => Matches(policy, rule, packet)))
            {
                if (rule.Denies) return new(false, null);
                if (rule.Methods is null) allowed = true;
                else (methods ??= []).UnionWith(rule.Methods);
            }
        }

        if (methods is null) return new(allowed || !isolated, null);
        return new(true, allowed ? [.. PolicyDraw.Methods] : methods);
    }

    private static bool Selects(DrawnPolicy policy, WorldPod pod) =>
        (policy.Kind == "CiliumClusterwideNetworkPolicy" || policy.Space == pod.Space) && Holds(policy.Subject, pod);

    private static bool Matches(DrawnPolicy policy, DrawnRule rule, Packet packet)
    {
        var kubernetes = policy.Kind == "NetworkPolicy";
        bool peer;
        if (rule.Peers is null) peer = kubernetes || rule.Ports is not null;
        else if (rule.Peers is []) peer = kubernetes;
        else peer = rule.Peers.Any(one => IsPeer(policy, one, packet));
        return peer && (rule.Ports is null || rule.Ports.Any(port => IsPort(port, packet)));
    }

    private static bool IsPeer(DrawnPolicy policy, DrawnPeer peer, Packet packet)
    {
        if (peer.Entity is not null) return IsEntity(peer.Entity, packet);
        if (peer.Cidr is not null) return IPAddress.TryParse(packet.Peer, out var address) && Contains(peer.Cidr, address) && !peer.Except!.Any(except => Contains(except, address));
        if (packet.PeerPod is not { } pod) return false;
        var pods = peer.Pods ?? new([]);
        var namesCluster = pods.Requirements.Any(one => one.Key == ClusterKey);
        var rightSpace = peer.Namespaces is { } spaces
            ? spaces.Requirements.All(one => Holds(one, pod.Space))
            : policy.Kind == "CiliumClusterwideNetworkPolicy" || pod.Space == policy.Space;
        return rightSpace && (namesCluster || pod.IsLocal) && Holds(pods, pod);
    }

    private static bool IsEntity(string entity, Packet packet) => entity switch
    {
        "all" => true,
        "none" => false,
        "world" => IPAddress.TryParse(packet.Peer, out _),
        "cluster" => packet.PeerPod is { } pod ? pod.IsLocal : !IPAddress.TryParse(packet.Peer, out _),
        "cluster-mesh" => !IPAddress.TryParse(packet.Peer, out _),
        _ => packet.Peer == entity,
    };

    private static bool IsPort(DrawnPort port, Packet packet)
    {
        if (port.Port.Length == 0) return port.Protocol == "ANY" || port.Protocol == packet.Protocol;
        if (packet.Protocol == "ICMP" || (port.Protocol != "ANY" && port.Protocol != packet.Protocol)) return false;
        if (int.TryParse(port.Port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return packet.Port >= number && packet.Port <= Math.Max(number, port.End);
        var owner = packet.Direction is PolicyDirection.Ingress ? packet.Subject : packet.PeerPod;
        return owner?.Identity.Ports.Any(named => named.Name == port.Port && named.Port == packet.Port && named.Protocol == packet.Protocol) ?? false;
    }

    private static bool Holds(DrawnSelector selector, WorldPod pod) => selector.Requirements.All(one => Holds(one, one.Key == ClusterKey ? pod.Cluster : pod.Labels.GetValueOrDefault(one.Key)));

    private static bool Holds(DrawnRequirement requirement, string? value) => requirement.Operator switch
    {
        "In" => value is not null && requirement.Values.Contains(value),
        "NotIn" => value is null || !requirement.Values.Contains(value),
        "Exists" => value is not null,
        _ => value is null,
    };

    private static bool Contains(string cidr, IPAddress address) => IPNetwork.Parse(cidr).Contains(address);
}
