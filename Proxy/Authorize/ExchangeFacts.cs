using ClusterMesh.Mesh.Policy.Http;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>A request under way as rules ask about it.</summary>
internal sealed class ExchangeFacts(Exchange exchange) : IHttpFacts
{
    private string? _path;

    public string Method => exchange.Context.Request.Method;

    public string Path => _path ??= exchange.Path + exchange.Query;

    public string Host => exchange.Context.Request.Host.Value ?? "";

    public string? Header(string name) => exchange.Context.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values.ToString() : null;
}
