using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>HTTPRoutes and ReferenceGrants as messages.</summary>
internal static class RouteEncoding
{
    public static Messages.HttpRoute Encode(HttpRouteObject route) => new()
    {
        Meta = ObjectEncoding.Encode(route.Meta),
        Parents = { route.Parents.Select(Encode) },
        Rules = { route.Rules.Select(Encode) },
        Hostnames = { route.Hostnames },
    };

    public static Messages.ReferenceGrant Encode(ReferenceGrantObject grant) => new()
    {
        Meta = ObjectEncoding.Encode(grant.Meta),
        From = { grant.From.Select(from => new Messages.Granted { Group = from.Group, Kind = from.Kind, Name = from.Namespace }) },
        To = { grant.To.Select(to => With(new Messages.Granted { Group = to.Group, Kind = to.Kind }, to.Name, static (message, name) => message.Name = name)) },
    };

    private static Messages.RouteParent Encode(ParentReference parent)
    {
        var message = new Messages.RouteParent { Group = parent.Group, Kind = parent.Kind, Name = parent.Name };
        if (parent.Namespace is { } space) message.Namespace = space;
        if (parent.SectionName is { } section) message.SectionName = section;
        if (parent.Port is { } port) message.Port = port;
        return message;
    }

    private static Messages.HttpRouteRule Encode(HttpRouteRule rule)
    {
        var message = new Messages.HttpRouteRule
        {
            Matches = { rule.Matches.Select(Encode) },
            Filters = { rule.Filters.Select(FilterEncoding.Encode) },
            Backends = { rule.Backends.Select(backend => new Messages.HttpBackend { Backend = Encode(backend.Backend), Weight = backend.Weight, Filters = { backend.Filters.Select(FilterEncoding.Encode) } }) },
        };
        if (rule.RequestTimeout is { } request) message.RequestTimeout = (long)request.TotalMilliseconds;
        if (rule.BackendRequestTimeout is { } ofBackend) message.BackendRequestTimeout = (long)ofBackend.TotalMilliseconds;
        return message;
    }

    private static Messages.HttpRouteMatch Encode(HttpRouteMatch match) => With(
        new Messages.HttpRouteMatch { PathKind = (int)match.Path.Kind, Path = match.Path.Value, Headers = { Encode(match.Headers) }, Queries = { Encode(match.Queries) } },
        match.Method, static (message, method) => message.Method = method);

    private static IEnumerable<Messages.HttpValue> Encode(ImmutableArray<HttpValueMatch> values) =>
        values.Select(value => new Messages.HttpValue { Name = value.Name, Value = value.Value, Regex = value.IsRegex });

    public static Messages.BackendReference Encode(BackendReference reference)
    {
        var message = new Messages.BackendReference { Group = reference.Group, Kind = reference.Kind, Name = reference.Name };
        if (reference.Namespace is { } space) message.Namespace = space;
        if (reference.Port is { } port) message.Port = port;
        return message;
    }

    /// <summary>The message, with an optional text where there is one.</summary>
    public static TMessage With<TMessage>(TMessage message, string? text, Action<TMessage, string> set)
    {
        if (text is not null) set(message, text);
        return message;
    }
}
