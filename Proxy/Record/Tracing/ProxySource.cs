using System.Diagnostics;
using System.Globalization;
using ClusterMesh.Proxy.Record.Metrics;

namespace ClusterMesh.Proxy.Record.Tracing;

/// <summary>Where our spans come from, and what both kinds of them say.</summary>
internal static class ProxySource
{
    public const string Name = "ClusterMesh.Proxy";

    /// <summary>Longest text of a client in an attribute.</summary>
    private const int Longest = 2048;

    public static readonly ActivitySource Source = new(Name);

    public static void TagMethod(Activity span, string method)
    {
        var known = RequestMethods.Number(method);
        span.SetTag("http.request.method", RequestMethods.Name(known));
        if (known == 0) span.SetTag("http.request.method_original", Text.Cut(method, Longest));
    }

    public static void TagOutcome(Activity span, int status, string? errorType, bool failed)
    {
        if (status > 0) span.SetTag("http.response.status_code", status);
        if (errorType is not null) span.SetTag("error.type", errorType);
        if (failed) span.SetStatus(ActivityStatusCode.Error);
    }

    public static string Bounded(string text) => Text.Cut(text, Longest);

    /// <summary>Of "example.com:8080" and "[::1]:8080" the host and, where it is given, the port.</summary>
    public static (string Host, int? Port) Authority(string authority)
    {
        var colon = authority.LastIndexOf(':');
        if (colon < 0 || authority.EndsWith(']')) return (authority, null);
        return (authority[..colon], int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null);
    }
}
