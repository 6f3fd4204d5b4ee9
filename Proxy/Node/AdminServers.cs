using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy.Node.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>The admin pages: for scrapers at an address, for the agent at a Unix socket.</summary>
internal sealed class AdminServers(ProxyOptions options, RequestDelegate answer, ILoggerFactory logs) : IAsyncDisposable
{
    private readonly WebApplication _port = AdminListener.Build(options.Admin, logs, answer);
    private readonly WebApplication? _socket = options.AdminSocket is { } path ? AdminListener.Build(path, logs, answer) : null;

    /// <exception cref="IOException">The address is taken, by a proxy that is about to be replaced too: then only the socket moves over.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        await _port.StartAsync(stop);
        if (_socket is null) return;
        // A proxy before us left it, or is about to leave.
        File.Delete(options.AdminSocket!);
        await _socket.StartAsync(stop);
        File.SetUnixFileMode(options.AdminSocket!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async ValueTask DisposeAsync()
    {
        await _port.DisposeAsync();
        if (_socket is not null) await _socket.DisposeAsync();
    }
}
