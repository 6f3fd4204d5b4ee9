using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes;

/// <summary>What a route does to a request besides choosing its target (the filters of HTTPRoute, peers.md 2.3).</summary>
public sealed record RouteFilters
{
    public static readonly RouteFilters None = new();

    public HeaderEdits Request { get; init; } = HeaderEdits.None;

    public HeaderEdits Response { get; init; } = HeaderEdits.None;

    /// <summary>Every request is answered with it; never beside <see cref="Rewrite"/>.</summary>
    public RequestRedirect? Redirect { get; init; }

    public UrlRewrite? Rewrite { get; init; }

    public ImmutableArray<MirrorModel> Mirrors { get; init; } = [];

    /// <summary>Why every request is answered with 500; null = nothing is wrong. A filter that is not known is never skipped.</summary>
    public string? Broken { get; init; }
}

/// <summary>In this order: removed, set, added. Names ignore case.</summary>
public sealed record HeaderEdits(ImmutableArray<HeaderValue> Set, ImmutableArray<HeaderValue> Add, ImmutableArray<string> Remove)
{
    public static readonly HeaderEdits None = new([], [], []);

    public bool IsEmpty => Set.IsEmpty && Add.IsEmpty && Remove.IsEmpty;
}

public readonly record struct HeaderValue(string Name, string Value);

/// <param name="Scheme">Null = the request's; so are Host and Path.</param>
/// <param name="Port">Null = that of the scheme where one is given, else the one that was asked.</param>
public sealed record RequestRedirect(string? Scheme, string? Host, int? Port, PathEdit? Path, int Status = 302);

public sealed record UrlRewrite(string? Host, PathEdit? Path);

/// <param name="Value">A path; for a prefix it may be empty.</param>
public sealed record PathEdit(PathEditKind Kind, string Value);

public enum PathEditKind { ReplaceFullPath, ReplacePrefixMatch }

/// <summary>A copy of Numerator in Denominator requests goes to this port, and what it answers goes nowhere.</summary>
public sealed record MirrorModel(ObjectKey Service, int Port, int Numerator, int Denominator)
{
    /// <inheritdoc cref="TargetModel.Protocol"/>
    public BackendProtocol? Protocol { get; init; }
}
