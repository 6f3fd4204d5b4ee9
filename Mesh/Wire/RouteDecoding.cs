using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Messages back to HTTPRoutes and ReferenceGrants; the inverse of <see cref="RouteEncoding"/>.</summary>
internal static class RouteDecoding
{
    public static HttpRouteObject Decode(Messages.HttpRoute message) =>
        new(ObjectDecoding.Decode(message.Meta), [.. message.Parents.Select(Decode)], [.. message.Rules.Select(Decode)]) { Hostnames = [.. message.Hostnames] };

    public static ReferenceGrantObject Decode(Messages.ReferenceGrant message) => new(
        ObjectDecoding.Decode(message.Meta),
        [.. message.From.Select(from => new GrantedFrom(from.Group, from.Kind, from.Name))],
        [.. message.To.Select(to => new GrantedTo(to.Group, to.Kind, to.HasName ? to.Name : null))]);

    public static BackendReference Decode(Messages.BackendReference message) =>
        new(message.Group, message.Kind, message.HasNamespace ? message.Namespace : null, message.Name, message.HasPort ? message.Port : null);

    private static ParentReference Decode(Messages.RouteParent message) => new(
        message.Group, message.Kind, message.HasNamespace ? message.Namespace : null, message.Name,
        message.HasSectionName ? message.SectionName : null, message.HasPort ? message.Port : null);

    private static HttpRouteRule Decode(Messages.HttpRouteRule message) => new(
        [.. message.Matches.Select(Decode)],
        [.. message.Filters.Select(FilterEncoding.Decode)],
        [.. message.Backends.Select(backend => new HttpBackendReference(Decode(backend.Backend), backend.Weight, [.. backend.Filters.Select(FilterEncoding.Decode)]))])
    {
        RequestTimeout = message.HasRequestTimeout ? TimeSpan.FromMilliseconds(message.RequestTimeout) : null,
        BackendRequestTimeout = message.HasBackendRequestTimeout ? TimeSpan.FromMilliseconds(message.BackendRequestTimeout) : null,
    };

    private static HttpRouteMatch Decode(Messages.HttpRouteMatch message) =>
        new(new((PathMatchKind)message.PathKind, message.Path), message.HasMethod ? message.Method : null, Decode(message.Headers), Decode(message.Queries));

    private static ImmutableArray<HttpValueMatch> Decode(IEnumerable<Messages.HttpValue> values) =>
        [.. values.Select(value => new HttpValueMatch(value.Name, value.Value, value.Regex))];
}
