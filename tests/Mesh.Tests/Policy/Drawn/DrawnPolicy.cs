using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy.Drawn;

/// <summary>A policy as drawn, in the words of its YAML: what the interpreter reads is not what the product made of it.</summary>
internal sealed record DrawnPolicy(string Kind, string Name, string Space, DrawnSelector Subject, DrawnRule[] Rules, bool? Ingress, bool? Egress);

internal sealed record DrawnRequirement(string Key, string Operator, string[] Values);

internal sealed record DrawnSelector(DrawnRequirement[] Requirements);

/// <param name="Peers">Null = not given.</param>
/// <param name="Ports">Null = not given.</param>
/// <param name="Methods">Of rules.http, one rule each; null = not given.</param>
internal sealed record DrawnRule(PolicyDirection Direction, bool Denies, DrawnPeer[]? Peers, DrawnPort[]? Ports, string[]? Methods = null);

/// <summary>One of the three.</summary>
/// <param name="Namespaces">Of Kubernetes' policies only.</param>
internal sealed record DrawnPeer(DrawnSelector? Pods = null, DrawnSelector? Namespaces = null, string? Entity = null, string? Cidr = null, string[]? Except = null);

/// <param name="Port">A number or a name; empty = all of the protocol.</param>
internal sealed record DrawnPort(string Protocol, string Port, int End = 0);
