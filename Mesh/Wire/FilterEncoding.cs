using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Filters of HTTPRoutes as messages and back.</summary>
internal static class FilterEncoding
{
    public static Messages.HttpRouteFilter Encode(HttpRouteFilter filter) => new()
    {
        Type = filter.Type,
        Headers = filter.Headers is { } edits ? new() { Set = { Encode(edits.Set) }, Add = { Encode(edits.Add) }, Remove = { edits.Remove } } : null,
        Redirect = filter.Redirect is { } redirect ? Encode(redirect) : null,
        Rewrite = filter.Rewrite is { } rewrite
            ? RouteEncoding.With(new Messages.Rewrite { Path = Encode(rewrite.Path) }, rewrite.Host, static (message, host) => message.Host = host) : null,
        Mirror = filter.Mirror is { } mirror ? new() { Backend = RouteEncoding.Encode(mirror.Backend), Numerator = mirror.Numerator, Denominator = mirror.Denominator } : null,
    };

    public static HttpRouteFilter Decode(Messages.HttpRouteFilter message) => new(message.Type)
    {
        Headers = message.Headers is { } edits ? new(Decode(edits.Set), Decode(edits.Add), [.. edits.Remove]) : null,
        Redirect = message.Redirect is { } redirect ? Decode(redirect) : null,
        Rewrite = message.Rewrite is { } rewrite ? new(rewrite.HasHost ? rewrite.Host : null, Decode(rewrite.Path)) : null,
        Mirror = message.Mirror is { } mirror ? new(RouteDecoding.Decode(mirror.Backend), mirror.Numerator, mirror.Denominator) : null,
    };

    private static Messages.Redirect Encode(RequestRedirect redirect)
    {
        var message = new Messages.Redirect { Path = Encode(redirect.Path), Status = redirect.Status };
        if (redirect.Scheme is { } scheme) message.Scheme = scheme;
        if (redirect.Host is { } host) message.Host = host;
        if (redirect.Port is { } port) message.Port = port;
        return message;
    }

    private static RequestRedirect Decode(Messages.Redirect message) => new(
        message.HasScheme ? message.Scheme : null, message.HasHost ? message.Host : null, message.HasPort ? message.Port : null, Decode(message.Path), message.Status);

    private static Messages.PathEdit? Encode(PathEdit? edit) => edit is null ? null : new() { Kind = (int)edit.Kind, Value = edit.Value };

    private static PathEdit? Decode(Messages.PathEdit? message) => message is null ? null : new((PathEditKind)message.Kind, message.Value);

    private static IEnumerable<Messages.HttpValue> Encode(ImmutableArray<HeaderValue> values) => values.Select(header => new Messages.HttpValue { Name = header.Name, Value = header.Value });

    private static ImmutableArray<HeaderValue> Decode(IEnumerable<Messages.HttpValue> values) => [.. values.Select(header => new HeaderValue(header.Name, header.Value))];
}
