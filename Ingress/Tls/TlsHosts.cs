using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tls;

/// <summary>Hosts that have a TLS entry: plain HTTP to them is redirected, whether or not their certificate can be read.</summary>
internal sealed class TlsHosts
{
    private readonly HashSet<HostMatch> _hosts = [];

    public void Add(IEnumerable<HostMatch> hosts) => _hosts.UnionWith(hosts);

    public bool Contains(HostMatch host) => Covers(_hosts, host);

    /// <summary>Named itself, or by the wildcard over it.</summary>
    public static bool Covers(ICollection<HostMatch> names, HostMatch host) =>
        names.Contains(host) || (RuleHost.WildcardOver(host) is { } wildcard && names.Contains(wildcard));
}
