using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>A rule's or backend's list of filters as one value.</summary>
internal static class HttpFilterCompiler
{
    /// <param name="unknown">The type of a filter that nobody here can apply; null = all can be.</param>
    public static RouteFilters Compile(ImmutableArray<HttpRouteFilter> filters, out string? unknown)
    {
        unknown = filters.FirstOrDefault(filter => filter is { Headers: null, Redirect: null, Rewrite: null, Mirror: null })?.Type;
        if (filters.IsEmpty) return RouteFilters.None;
        var (request, response) = Edits(filters);
        return new()
        {
            Request = request,
            Response = response,
            Redirect = filters.Select(filter => filter.Redirect).OfType<RequestRedirect>().FirstOrDefault(),
            Rewrite = filters.Select(filter => filter.Rewrite).OfType<UrlRewrite>().FirstOrDefault(),
        };
    }

    /// <summary>Of a backend only header modifiers.</summary>
    public static (HeaderEdits Request, HeaderEdits Response) EditsOfBackend(ImmutableArray<HttpRouteFilter> filters, out string? unknown)
    {
        unknown = filters.FirstOrDefault(filter => filter.Headers is null)?.Type;
        return Edits(filters);
    }

    private static (HeaderEdits Request, HeaderEdits Response) Edits(ImmutableArray<HttpRouteFilter> filters) =>
        (Of(filters, HttpRouteFilter.RequestHeaders), Of(filters, HttpRouteFilter.ResponseHeaders));

    private static HeaderEdits Of(ImmutableArray<HttpRouteFilter> filters, string type) => filters.FirstOrDefault(filter => filter.Type == type)?.Headers ?? HeaderEdits.None;
}
