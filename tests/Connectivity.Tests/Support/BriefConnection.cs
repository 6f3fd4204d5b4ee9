using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A connection for one request, which says that it closes. <c>Failure</c> is null where it was answered with 200.</summary>
internal sealed record BriefConnection(TimeSpan Connecting, string? Failure)
{
    /// <summary>As a client that would rather fail than wait longer for a connection; longer than a second SYN takes.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly byte[] s_request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: drilled\r\nConnection: close\r\n\r\n");

    /// <param name="first">Whether the client is the first to close, once it has its answer: TIME_WAIT is at its end then.</param>
    public static async Task<BriefConnection> OpenAsync(NamespaceSockets sockets, IPEndPoint to, bool first)
    {
        var time = TimeProvider.System;
        using var patience = new CancellationTokenSource(s_patience);
        using var socket = await sockets.OpenAsync();
        var connecting = TimeSpan.Zero;
        try
        {
            var begun = time.GetTimestamp();
            await socket.ConnectAsync(to, patience.Token);
            connecting = time.GetElapsedTime(begun);
            await socket.SendAsync(s_request, patience.Token);
            if (first) socket.Shutdown(SocketShutdown.Send);
            var (buffer, count) = (new byte[4096], 0);
            while (await socket.ReceiveAsync(buffer.AsMemory(count), patience.Token) is > 0 and var came) count += came;
            var line = Encoding.ASCII.GetString(buffer, 0, Math.Min(count, 15));
            return new(connecting, line.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? null : $"answered \"{line}\"");
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return new(connecting, $"{(socket.Connected ? "connected, then" : "not connected:")} {(error as SocketException)?.SocketErrorCode.ToString() ?? "no answer in time"}");
        }
    }
}
