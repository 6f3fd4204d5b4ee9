using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ClusterMesh.Proxy.Node;

/// <summary>
/// GOAWAY for a connection of HTTP/2 when draining begins, whether it asks anything or not: one that is idle would hold up the end. One of
/// HTTP/1.1 is told by its next answer instead, as closing it might cross a request.
/// </summary>
internal sealed class Http2Goodbye(ConnectionContext connection, CancellationToken draining) : IDisposable
{
    private CancellationTokenRegistration _told;
    private int _speaks;

    /// <summary>A request of HTTP/2 has come on it. Any thread, any number of times.</summary>
    public void Speaks()
    {
        if (Volatile.Read(ref _speaks) != 0 || Interlocked.Exchange(ref _speaks, 1) != 0) return;
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime) _told = draining.UnsafeRegister(static lifetime => ((IConnectionLifetimeNotificationFeature)lifetime!).RequestClose(), lifetime);
    }

    public void Dispose() => _told.Dispose();
}
