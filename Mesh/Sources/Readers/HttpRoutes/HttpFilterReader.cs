using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>The filters of a rule or of one of its backends.</summary>
internal static class HttpFilterReader
{
    private const int Most = 16;

    // All but a mirror may come once.
    private static readonly string[] s_once = [HttpRouteFilter.RequestHeaders, HttpRouteFilter.ResponseHeaders, HttpRouteFilter.Redirects, HttpRouteFilter.Rewrites];

    public static ImmutableArray<HttpRouteFilter> ReadAll(Field list, ImmutableArray<HttpRouteMatch> matches)
    {
        ImmutableArray<HttpRouteFilter> filters = [.. Limits.Items(list, Most).Select(field => Read(field, matches))];
        foreach (var type in s_once.Where(type => filters.Count(filter => filter.Type == type) > 1)) list.Error($"has more than one {type}");
        if (filters.Any(filter => filter.Type == HttpRouteFilter.Redirects) && filters.Any(filter => filter.Type == HttpRouteFilter.Rewrites))
            list.Error("has both RequestRedirect and URLRewrite, expected one of them");
        return filters;
    }

    private static HttpRouteFilter Read(Field field, ImmutableArray<HttpRouteMatch> matches) => field["type"].Required("a filter's type") switch
    {
        HttpRouteFilter.RequestHeaders => new(HttpRouteFilter.RequestHeaders) { Headers = HeaderEditsReader.Read(Part(field, "requestHeaderModifier")) },
        HttpRouteFilter.ResponseHeaders => new(HttpRouteFilter.ResponseHeaders) { Headers = HeaderEditsReader.Read(Part(field, "responseHeaderModifier")) },
        HttpRouteFilter.Redirects => new(HttpRouteFilter.Redirects) { Redirect = UrlFilterReader.Redirect(Part(field, "requestRedirect"), matches) },
        HttpRouteFilter.Rewrites => new(HttpRouteFilter.Rewrites) { Rewrite = UrlFilterReader.Rewrite(Part(field, "urlRewrite"), matches) },
        HttpRouteFilter.Mirrors => new(HttpRouteFilter.Mirrors) { Mirror = Mirror(Part(field, "requestMirror")) },
        // CORS, ExtensionRef and what is still to come: the rule answers 500 rather than leave it out.
        var other => new(other),
    };

    private static Field Part(Field filter, string name)
    {
        filter[name].Present("a map, as the filter's type asks for it");
        return filter[name];
    }

    private static HttpMirror Mirror(Field field)
    {
        RouteFields.Warn(field, "backendRef", "percent", "fraction");
        field["backendRef"].Present("a backend");
        var backend = ReferenceReader.Backend(field["backendRef"]);
        var (percent, fraction) = (field["percent"], field["fraction"]);
        if (percent.IsSet && fraction.IsSet) field.Error("has both percent and fraction, expected one of them");
        if (!fraction.IsSet) return new(backend, percent.Number(0, 100) ?? 100, 100);
        fraction["numerator"].Present("a number of 0 or more");
        var (numerator, denominator) = (fraction["numerator"].Number(0, int.MaxValue) ?? 0, fraction["denominator"].Number(1, int.MaxValue) ?? 100);
        if (numerator > denominator) fraction.Error($"is {numerator} of {denominator}, expected at most the whole");
        return new(backend, numerator, denominator);
    }
}
