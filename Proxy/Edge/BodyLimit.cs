using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterMesh.Proxy.Edge;

/// <summary>proxy-body-size: a declared length is refused at once, a chunked body when it grows beyond.</summary>
internal static class BodyLimit
{
    /// <summary>False = the body is declared too large.</summary>
    public static bool Apply(HttpContext context, long? limit)
    {
        if (limit is not { } most) return true;
        if (context.Request.ContentLength is { } length) return length <= most;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true) context.Request.Body = new LimitedBody(context.Request.Body, most);
        return true;
    }
}
