using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Mesh.Policy.Compilation;

/// <summary>What one rule says to an endpoint about one peer.</summary>
/// <param name="Peer">Null = every peer.</param>
/// <param name="Rule">Null = none: it holds without one.</param>
/// <param name="Rows">The same for every identity that the peer means.</param>
/// <param name="Named">Ports whose numbers the identity's own pods say.</param>
internal sealed record PolicyFilter(PeerSelection? Peer, PolicyRule? Rule, RuleOrigin Origin, ImmutableArray<PolicyRow> Rows, ImmutableArray<PolicyPort> Named)
{
    public IEnumerable<PolicyRow> RowsOf(PolicyIdentity identity) => Named.IsEmpty
        ? Rows
        : Rows.Concat(Named.SelectMany(port => NamedPorts.Resolve(port, identity.Ports)).Select(prefix => PolicyRow.Of(prefix, Rule!, Origin)));
}

internal static class NamedPorts
{
    /// <summary>What a name stands for in the pods that have these ports; nothing when they have none of that name.</summary>
    public static IEnumerable<PortPrefix> Resolve(PolicyPort named, ImmutableArray<ContainerPort> ports) =>
        from port in ports
        where string.Equals(port.Name, named.Name, StringComparison.OrdinalIgnoreCase)
        let protocol = IpProtocols.Parse(port.Protocol)
        where named.Protocol is IpProtocol.Any || named.Protocol == protocol
        select new PortPrefix(protocol, (ushort)port.Port, PortPrefix.AllBits);
}
