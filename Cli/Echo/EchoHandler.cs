using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterMesh.Cli.Echo;

/// <summary>Answers one request: reads the body, waits and fails as asked, then tells who it is and what it saw.</summary>
internal sealed class EchoHandler(EchoIdentity identity, TimeProvider time)
{
    private static readonly byte[] Filler = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/reset")
        {
            context.Abort();
            return;
        }

        WriteIdentity(context.Response.Headers);
        if (!EchoSwitches.TryParse(context.Request.Query, out var switches, out var error))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(error);
            return;
        }

        var bodyBytes = await CountAsync(context.Request, context.RequestAborted);
        if (switches.Delay > TimeSpan.Zero)
            await Task.Delay(switches.Delay, time, context.RequestAborted);
        context.Response.StatusCode = switches.Status;
        if (switches.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            return;
        await (switches.Bytes is { } bytes ? StreamAsync(context, bytes) : TellAsync(context, bodyBytes));
    }

    private void WriteIdentity(IHeaderDictionary headers)
    {
        headers[EchoHeaders.Service] = identity.Service;
        headers[EchoHeaders.Version] = identity.Version;
        headers[EchoHeaders.Cluster] = identity.Cluster;
        headers[EchoHeaders.Pod] = identity.Pod;
    }

    private static async ValueTask<long> CountAsync(HttpRequest request, CancellationToken aborted)
    {
        if (request.ContentLength is 0 or null && !request.Headers.ContainsKey("Transfer-Encoding") && !HttpProtocol.IsHttp2(request.Protocol))
            return 0;
        var total = 0L;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(aborted);
            total += read.Buffer.Length;
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return total;
        }
    }

    private async Task TellAsync(HttpContext context, long bodyBytes)
    {
        var request = context.Request;
        // The target as it stood on the wire: a proxy that rewrites escapes must not be able to hide it.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var answer = new EchoAnswer(
            identity.Service, identity.Version, identity.Cluster, identity.Pod,
            request.Method, target[0], target.Length > 1 ? target[1] : "", request.Host.Value ?? "", request.Protocol, bodyBytes,
            request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value.ToArray())));
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, EchoJson.Default.EchoAnswer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(request.Method))
            await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, long bytes)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = bytes;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        for (var left = bytes; left > 0; left -= Filler.Length)
            await context.Response.Body.WriteAsync(Filler.AsMemory(0, (int)Math.Min(left, Filler.Length)), context.RequestAborted);
    }
}
