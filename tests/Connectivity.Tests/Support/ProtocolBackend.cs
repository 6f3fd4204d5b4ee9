using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>Answers by path in the ways that the protocols of a mesh differ in.</summary>
internal static class ProtocolBackend
{
    public const int Events = 5;

    /// <summary>Of the stream that began last: "/next" lets it go on.</summary>
    private static SemaphoreSlim s_next = new(0);

    public static Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/grpc/unary" => UnaryAsync(context),
        "/grpc/stream" => DuplexAsync(context),
        "/socket" => SocketAsync(context),
        "/events" => EventsAsync(context),
        "/next" => Task.FromResult(Volatile.Read(ref s_next).Release()),
        "/sum" => SumAsync(context),
        "/bytes" => BytesAsync(context),
        _ => context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Path}"),
    };

    /// <summary>What "/bytes" sends and "/sum" is to be sent.</summary>
    public static byte[] Block(int number)
    {
        var block = new byte[1 << 20];
        for (var i = 0; i < block.Length; i++) block[i] = (byte)(((i * 31) ^ (i >> 8)) + number);
        return block;
    }

    private static async Task UnaryAsync(HttpContext context)
    {
        var asked = await GrpcFrame.ReadAsync(context.Request.Body);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(GrpcFrame.Of($"hello {asked}"));
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task DuplexAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.FlushAsync();
        while (await GrpcFrame.ReadAsync(context.Request.Body) is { } message)
        {
            await context.Response.Body.WriteAsync(GrpcFrame.Of($"echo {message}"));
            await context.Response.Body.FlushAsync();
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task SocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } came)
            await socket.SendAsync(buffer.AsMemory(0, came.Count), came.MessageType, came.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
    }

    private static async Task EventsAsync(HttpContext context)
    {
        // One of its own: whatever a stream that broke was still to be given is not this one's.
        var next = new SemaphoreSlim(0);
        Volatile.Write(ref s_next, next);
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < Events; i++)
        {
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"data: {i}\n\n"));
            await context.Response.Body.FlushAsync();
            await next.WaitAsync(context.RequestAborted);
        }
    }

    private static async Task SumAsync(HttpContext context) => await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted)));

    private static async Task BytesAsync(HttpContext context)
    {
        var blocks = int.Parse(context.Request.Query["blocks"].ToString(), CultureInfo.InvariantCulture);
        for (var i = 0; i < blocks; i++) await context.Response.Body.WriteAsync(Block(i), context.RequestAborted);
    }
}
