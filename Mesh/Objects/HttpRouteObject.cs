using System.Collections.Immutable;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Objects;

/// <summary>gateway.networking.k8s.io/v1 HTTPRoute (v1beta1 is the same).</summary>
/// <param name="Rules">At least one; a route without rules has one that matches everything and leads nowhere.</param>
public sealed record HttpRouteObject(
    ObjectMeta Meta,
    ImmutableArray<ParentReference> Parents,
    ImmutableArray<HttpRouteRule> Rules) : KubernetesObject(Meta)
{
    public ImmutableArray<string> Hostnames { get; init; } = [];

    public override string Kind => "HTTPRoute";
}

/// <summary>What the route is attached to.</summary>
/// <param name="Namespace">Null = the route's own.</param>
/// <param name="SectionName">A Service port's name, a Gateway listener's.</param>
public sealed record ParentReference(string Group, string Kind, string? Namespace, string Name, string? SectionName = null, int? Port = null)
{
    public bool IsService => (Group, Kind) == ("", "Service");

    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}

/// <param name="Matches">Any of them may hold; at least one.</param>
public sealed record HttpRouteRule(ImmutableArray<HttpRouteMatch> Matches, ImmutableArray<HttpRouteFilter> Filters, ImmutableArray<HttpBackendReference> Backends)
{
    /// <summary>timeouts.request; zero = none.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>timeouts.backendRequest, of each attempt; zero = none.</summary>
    public TimeSpan? BackendRequestTimeout { get; init; }
}

/// <summary>All of it must hold.</summary>
/// <param name="Path">A prefix does not end with a slash but for the root; a pattern's Value is the expression.</param>
public sealed record HttpRouteMatch(PathMatch Path, string? Method, ImmutableArray<HttpValueMatch> Headers, ImmutableArray<HttpValueMatch> Queries);

/// <summary>A header's or a query parameter's value.</summary>
/// <param name="IsRegex">Value is a regular expression, of which the whole value must be a match.</param>
public sealed record HttpValueMatch(string Name, string Value, bool IsRegex);

/// <summary>One filter; only what its type needs is set, and nothing for a type that nobody here knows.</summary>
public sealed record HttpRouteFilter(string Type)
{
    public const string RequestHeaders = "RequestHeaderModifier", ResponseHeaders = "ResponseHeaderModifier", Redirects = "RequestRedirect",
        Rewrites = "URLRewrite", Mirrors = "RequestMirror";

    public HeaderEdits? Headers { get; init; }

    public RequestRedirect? Redirect { get; init; }

    public UrlRewrite? Rewrite { get; init; }

    public HttpMirror? Mirror { get; init; }
}

/// <summary>The share Numerator/Denominator of the requests is sent there, too.</summary>
public sealed record HttpMirror(BackendReference Backend, int Numerator, int Denominator);

/// <param name="Weight">0 to 1000000; its share is its part of the sum.</param>
public sealed record HttpBackendReference(BackendReference Backend, int Weight, ImmutableArray<HttpRouteFilter> Filters);

/// <param name="Namespace">Null = the route's own.</param>
/// <param name="Port">Null only where it is not a Service.</param>
public sealed record BackendReference(string Group, string Kind, string? Namespace, string Name, int? Port)
{
    public bool IsService => (Group, Kind) == ("", "Service");
}
