using System.Net;
using System.Net.Http.Headers;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Filters;
using ClusterMesh.Proxy.Retry;
using Microsoft.AspNetCore.Http;
using HeaderNames = Microsoft.Net.Http.Headers.HeaderNames;
using Yarp.ReverseProxy.Forwarder;

namespace ClusterMesh.Proxy.Forward;

/// <summary>What changes between the client's request and the backend's, and between the two responses. One for each attempt.</summary>
internal sealed class UpstreamTransformer(Exchange exchange, string prefix) : HttpTransformer
{
    /// <summary>The backend's status; 0 until it answers.</summary>
    public int Status { get; private set; }

    /// <summary>The response was not passed on: its status is one that is tried elsewhere.</summary>
    public bool Withheld { get; private set; }

    public override ValueTask TransformRequestAsync(HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
    {
        UpstreamRequest.Write(exchange, request, prefix, exchange.Target!.Model.RequestHeaders);
        if (!exchange.HeaderEdits.IsEmpty) PolicyEdits.Apply(exchange.HeaderEdits, request);
        if (exchange.AttemptSpan is { } span) TraceHeaders.Inject(span, request);
        return default;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext context, HttpResponseMessage? response, CancellationToken cancellationToken)
    {
        if (response is null) return false;
        Status = (int)response.StatusCode;
        if (exchange.MayWithhold && RetryRule.Withholds(exchange, Status))
        {
            Withheld = true;
            return false;
        }

        if (response.StatusCode == HttpStatusCode.SwitchingProtocols && response.RequestMessage?.Headers.Upgrade.Count is not > 0)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "the backend switches protocols unasked");
        }

        await base.TransformResponseAsync(context, response, cancellationToken);
        var headers = context.Response.Headers;
        if (response.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var connection)) RemoveNominated(headers, connection);
        HeaderEditing.Apply(exchange.Route!.Model.Filters.Response, headers);
        HeaderEditing.Apply(exchange.Target!.Model.ResponseHeaders, headers);
        if (exchange.SessionCookie is { } cookie) headers.Append(HeaderNames.SetCookie, cookie);
        // Asked as text: the typed property would parse the field and write it anew.
        if (response.Content.Headers.NonValidated.Contains(HeaderNames.ContentLength)) return !await ArrivedBody.PassAsync(context, response, cancellationToken);
        if (!IsTunnel(context, response)) response.Content = new PromptContent(response.Content, context.Response);
        return true;
    }

    private static void RemoveNominated(IHeaderDictionary headers, HeaderStringValues connection)
    {
        foreach (var line in connection)
        {
            if (line is "keep-alive" or "close") continue;
            foreach (var name in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (ConnectionOptions.Nominates(name, name)) headers.Remove(name);
            }
        }
    }

    // The content of a WebSocket, over either version, is the connection itself.
    private static bool IsTunnel(HttpContext context, HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols || HttpMethods.IsConnect(context.Request.Method);
}
