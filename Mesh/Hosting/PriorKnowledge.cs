using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>
/// HTTP/1.1 and HTTP/2 with prior knowledge (RFC 9113 3.3) on one plain port: Kestrel chooses the protocol by port alone, so
/// the connection's first bytes are looked at, and left where they are.
/// </summary>
public static class PriorKnowledge
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // Kestrel's own per-connection choice, which its TLS layer sets; it is not public. Where it is missing: HTTP/1.1 only.
    private static readonly Type? s_feature = typeof(KestrelServer).Assembly.GetType("Microsoft.AspNetCore.Server.Kestrel.Core.Internal.HttpProtocolsFeature");
    private static readonly object? s_http2 = s_feature is null ? null : Activator.CreateInstance(s_feature, HttpProtocols.Http2);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public static void Use(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (s_http2 is not null) listen.Use(next => connection => ChooseAsync(connection, next));
    }

    private static async Task ChooseAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await BeginsWithPrefaceAsync(connection) is not { } preface) return;
        if (preface) connection.Features[s_feature!] = s_http2;
        await next(connection);
    }

    // Null = it never said enough: the client hung up, waited too long, or the server stops and need not wait for it.
    private static async ValueTask<bool?> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, stopping);
        timeout.CancelAfter(s_patience);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(timeout.Token);
                var verdict = Judge(read.Buffer);
                input.AdvanceTo(read.Buffer.Start, verdict is null ? read.Buffer.End : read.Buffer.Start);
                if (verdict is not null || read.IsCompleted) return verdict;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    // Null = the bytes so far fit, but there are too few.
    private static bool? Judge(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(bytes.Length, Preface.Length)];
        bytes.Slice(0, start.Length).CopyTo(start);
        if (!Preface.StartsWith(start)) return false;
        return start.Length == Preface.Length ? true : null;
    }
}
