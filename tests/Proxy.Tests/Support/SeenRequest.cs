using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>What a Kestrel backend saw of a request, copied before its handler ran.</summary>
internal sealed record SeenRequest(string Method, string Target, string Protocol, Dictionary<string, string[]> Headers)
{
    public static SeenRequest Of(HttpContext context) => new(
        context.Request.Method,
        context.Features.Get<IHttpRequestFeature>()!.RawTarget,
        context.Request.Protocol,
        context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.Select(value => value ?? "").ToArray(), StringComparer.OrdinalIgnoreCase));

    /// <summary>The header's one value; null when it is not there.</summary>
    public string? this[string name] => Headers.TryGetValue(name, out var values) ? string.Join(" | ", values) : null;
}
