using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf;
using ClusterMesh.Proxy.Authorize;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>The first thing that happens to a connection: it is counted, and gets its caller. One without is not served.</summary>
internal sealed partial class ConnectionGate(CallerReader callers, ListenerPlace place, CancellationToken draining, ILogger log)
{
    public ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        place.Opened();
        try
        {
            if (Read(connection) is not { } caller)
            {
                connection.Abort();
                return;
            }

            using var goodbye = new Http2Goodbye(connection, draining);
            connection.Features.Set(caller);
            connection.Features.Set(goodbye);
            await next(connection);
        }
        finally
        {
            place.Closed();
        }
    };

    private Caller? Read(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint client || connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket) return null;
        IPEndPoint? asked = null;
        try
        {
            connection.LocalEndPoint = asked = SocketName.LocalOf(socket);
            if (callers.Read(client, asked) is { } caller) return caller;
            LogUnknown(log, client, asked);
        }
        catch (SocketException)
        {
            // It was closed before it was looked at.
        }
        catch (BpfException exception)
        {
            LogUnreadable(log, client, asked, exception.Message);
        }

        return null;
    }

    [LoggerMessage(410, LogLevel.Warning, "connection {Client} to {Asked}: the kernel does not know it as redirected; it is closed")]
    private static partial void LogUnknown(ILogger log, IPEndPoint client, IPEndPoint asked);

    [LoggerMessage(411, LogLevel.Error, "connection {Client} to {Asked}: its caller cannot be read, so it is closed: {Reason}")]
    private static partial void LogUnreadable(ILogger log, IPEndPoint client, IPEndPoint? asked, string reason);
}
