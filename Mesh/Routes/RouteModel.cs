using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes;

/// <summary>What the proxy routes by: built aside from Ingress (later HTTPRoute) objects, swapped whole.</summary>
/// <param name="Routes">The matcher knows precedence; of equal rank the earlier one is taken.</param>
/// <param name="Default">Takes what no route matches; null means 404.</param>
public sealed record RouteTable(ImmutableArray<RouteModel> Routes, RouteModel? Default = null)
{
    public static readonly RouteTable Empty = new([]);

    /// <summary>What a node's proxy routes by, for each port of a service that is balanced by requests. Empty at the edge.</summary>
    public ImmutableArray<FrontendRoutes> Frontends { get; init; } = [];
}

/// <summary>The routes of those who ask for a port of a service.</summary>
/// <param name="Routes">Those whose parent it is; of equal rank the earlier one is taken.</param>
/// <param name="Default">To the service itself where no route has it as parent; null = what no route matches gets 404 (peers.md 2.3).</param>
public sealed record FrontendRoutes(ObjectKey Service, int Port, ImmutableArray<RouteModel> Routes, RouteModel? Default);

/// <summary>One host and path with where its requests go. Conflicts are already resolved: no two are equal in what they match.</summary>
public sealed record RouteModel
{
    /// <summary>Stable and of low cardinality, for http.route, logs and metrics: "default/web foo.example/api".</summary>
    public required string Name { get; init; }

    /// <summary>The object that it was written in, as "Ingress default/web".</summary>
    public required string Owner { get; init; }

    public required ObjectKey OwnerKey { get; init; }

    /// <summary>The port of a Service whose requests follow it, "default/reviews:9080"; null at the edge.</summary>
    public string? Frontend { get; init; }

    public HostMatch Host { get; init; } = HostMatch.Any;

    public PathMatch Path { get; init; } = PathMatch.All;

    /// <summary>What the whole path must be a match of; set for <see cref="PathMatchKind.Regex"/> only.</summary>
    public Regex? PathPattern { get; init; }

    /// <summary>Empty = every method.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>All must hold; empty = none asked.</summary>
    public ImmutableArray<HeaderMatch> Headers { get; init; } = [];

    /// <summary>All must hold; empty = none asked.</summary>
    public ImmutableArray<QueryMatch> Queries { get; init; } = [];

    public RouteFilters Filters { get; init; } = RouteFilters.None;

    public required SplitModel Split { get; init; }

    public RoutePolicy Policy { get; init; } = RoutePolicy.Default;
}

/// <summary>Hosts are lower case, without port. A wildcard's Name is what follows "*." .</summary>
public readonly record struct HostMatch(HostMatchKind Kind, string Name)
{
    public static readonly HostMatch Any = new(HostMatchKind.Any, "");

    public override string ToString() => Kind switch { HostMatchKind.Any => "*", HostMatchKind.OneLabel => $"*.{Name}", _ => Name };
}

/// <summary>A wildcard is exactly one label, as Ingress has it (peers.md 2.2).</summary>
public enum HostMatchKind { Exact, OneLabel, Any }

/// <summary>Case-sensitive. A prefix matches by whole elements and its trailing slash does not count.</summary>
public readonly record struct PathMatch(PathMatchKind Kind, string Value)
{
    public static readonly PathMatch All = new(PathMatchKind.Prefix, "/");
}

/// <summary>In the order in which they are tried: a pattern comes after every prefix, so that it costs those nothing who have no need of it.</summary>
public enum PathMatchKind { Exact, Prefix, Regex }

/// <summary>A match of one header's value; the name ignores case.</summary>
/// <param name="Pattern">Where set, what the whole value must be a match of, written as Value; else the value must be equal.</param>
public readonly record struct HeaderMatch(string Name, string Value, Regex? Pattern = null)
{
    public bool Holds(string value) => Pattern?.IsMatch(value) ?? string.Equals(value, Value, StringComparison.Ordinal);
}

/// <summary>A match of a query parameter's first value, decoded; the name does not ignore case.</summary>
/// <param name="Pattern">As in <see cref="HeaderMatch"/>.</param>
public readonly record struct QueryMatch(string Name, string Value, Regex? Pattern = null)
{
    public bool Holds(string value) => Pattern?.IsMatch(value) ?? string.Equals(value, Value, StringComparison.Ordinal);
}
