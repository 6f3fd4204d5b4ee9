using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Bpf.Services;

/// <summary>
/// How new connections to one frontend are balanced. A value, and equal models need no writing: backends are kept in the order of their
/// addresses, each once, so that every node of every cluster builds the same table.
/// </summary>
/// <param name="Backends">
/// Those that take new connections. Empty: the frontend is known and has nobody: new connections are refused (drop 158, Cilium's "no
/// service backend"), never passed on.
/// </param>
/// <param name="Draining">Those that keep the connections they have and take no new ones (terminating), and are not among the backends.</param>
public sealed record FrontendModel(ImmutableArray<BackendShare> Backends, ImmutableArray<BackendAddress> Draining)
{
    public ImmutableArray<BackendShare> Backends { get; } =
        [.. Backends.GroupBy(share => share.Backend).Select(same => same.First()).OrderBy(share => share.Backend)];

    public ImmutableArray<BackendAddress> Draining { get; } = [.. Draining.Except(Backends.Select(share => share.Backend)).Order()];

    /// <summary>ClientIP affinity: how long a client stays with its backend after its last new connection, in whole seconds; zero = none.</summary>
    public TimeSpan Affinity { get; init; }

    /// <summary>False: Maglev over addresses and ports of the connection; true: by chance.</summary>
    public bool Random { get; init; }

    /// <summary>NodePort, LoadBalancer or external address: asked for from outside of the pods' network, too.</summary>
    public bool External { get; init; }

    /// <summary>What pods ask is the node's proxy's to balance, while it takes connections; else, and for all others, the rest of this holds.</summary>
    public bool L7 { get; init; }

    public bool Equals(FrontendModel? other) =>
        other is not null && Affinity == other.Affinity && Random == other.Random && External == other.External && L7 == other.L7
        && Backends.AsSpan().SequenceEqual(other.Backends.AsSpan()) && Draining.AsSpan().SequenceEqual(other.Draining.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Backends.Length, Draining.Length, Affinity, Random, External, Backends.IsEmpty ? default : Backends[0]);
}

public readonly record struct BackendAddress(IPAddress Address, ushort Port) : IComparable<BackendAddress>
{
    public int CompareTo(BackendAddress other) =>
        new Contract.Address(Address).CompareTo(new(other.Address)) is not 0 and var order ? order : Port.CompareTo(other.Port);

    public override string ToString() => $"{Address}:{Port}";
}

/// <param name="Weight">Relative to the other backends of the same frontend; at least 1.</param>
public readonly record struct BackendShare(BackendAddress Backend, long Weight);
