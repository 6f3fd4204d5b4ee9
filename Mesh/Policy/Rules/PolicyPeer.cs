using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Policy.Labels;

namespace ClusterMesh.Mesh.Policy.Rules;

/// <summary>Who may or may not be at the other end. <see cref="object.ToString"/> says all of it: equal text, equal peers.</summary>
public abstract record PolicyPeer;

/// <summary>Identities by their labels. One that names no cluster means the local one.</summary>
public sealed record LabelPeer(LabelSelector Selector) : PolicyPeer
{
    public override string ToString() => $"labels {Selector}";
}

public sealed record EntityPeer(Entity Entity) : PolicyPeer
{
    public override string ToString() => $"entity {Entity.Text()}";
}

/// <summary>Addresses outside the mesh: pods and nodes are never meant by it.</summary>
/// <param name="Except">Parts of it that are left out.</param>
public sealed record CidrPeer(IPNetwork Cidr, ImmutableArray<IPNetwork> Except) : PolicyPeer
{
    public override string ToString() => Except.IsEmpty ? $"cidr {Cidr}" : $"cidr {Cidr} except {string.Join(',', Except)}";
}

/// <summary>The addresses of CiliumCIDRGroups: of one by name, or of all whose labels are selected.</summary>
public sealed record CidrGroupPeer(string? Name, LabelSelector? Selector, ImmutableArray<IPNetwork> Except) : PolicyPeer
{
    public override string ToString() => $"CIDR group {Name ?? Selector?.ToString()} except {string.Join(',', Except)}";
}
