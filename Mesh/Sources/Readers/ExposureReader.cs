using System.Net;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>What kube-proxy reads of a Service besides its cluster IP and ports. Bad values are those that an API server refuses.</summary>
internal static class ExposureReader
{
    private static readonly string[] Policies = ["Cluster", "Local"], Modes = ["VIP", "Proxy"];

    /// <param name="moreClusterIPs">Those of spec.clusterIPs after the first.</param>
    public static ServiceExposure Read(Field root, string type, IReadOnlyList<string> moreClusterIPs)
    {
        var spec = root["spec"];
        return new()
        {
            MoreClusterIPs = moreClusterIPs,
            ExternalIPs = [.. spec["externalIPs"].Items().Select(Reachable)],
            LoadBalancerIPs = LoadBalancerIPs(root, type),
            SourceRanges = [.. spec["loadBalancerSourceRanges"].Items().Select(IpText.RequiredCidr)],
            ExternalLocal = IsLocal(spec["externalTrafficPolicy"]),
        };
    }

    public static bool IsLocal(Field policy) => Choice.Of(policy, Policies) == "Local";

    private static string[] LoadBalancerIPs(Field root, string type)
    {
        var given = root["status"]["loadBalancer"]["ingress"].Items()
            .Where(ingress => ingress["ip"].IsSet && Choice.Of(ingress["ipMode"], Modes) != "Proxy").Select(ingress => Reachable(ingress["ip"])).ToArray();
        var asked = root["spec"]["loadBalancerIP"];
        if (type != "LoadBalancer") return [];
        return given.Length > 0 || asked.Text() is not { Length: > 0 } ? given : [Reachable(asked)];
    }

    /// <summary>An address that the kernel may answer for: never the node's own loopback, a link's or many hosts' at once.</summary>
    private static string Reachable(Field field)
    {
        var text = IpText.Required(field);
        if (IPAddress.TryParse(text, out var address) && IsReserved(address)) field.Error($"\"{text}\" is a loopback, link-local or multicast address");
        return text;
    }

    private static bool IsReserved(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6Multicast) return true;
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 && (bytes[0] >= 224 || (bytes[0], bytes[1]) == (169, 254));
    }
}
