using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy.Node.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>The admin pages: for scrapers at an address, for the agent at a Unix socket. A successor waits for the address until the one before it is gone.</summary>
internal sealed class AdminServers(ProxyOptions options, RequestDelegate answer, ILoggerFactory logs, TimeProvider time)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken stop)
    {
        await using var socket = await StartSocketAsync(stop);
        await using var port = await StartPortAsync(stop);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<WebApplication> StartPortAsync(CancellationToken stop)
    {
        while (true)
        {
            var port = AdminListener.Build(options.Admin, logs, answer);
            try
            {
                await port.StartAsync(stop);
                return port;
            }
            catch (IOException exception) when (exception.InnerException is AddressInUseException)
            {
                await port.DisposeAsync();
                await Task.Delay(s_retry, time, stop);
            }
        }
    }

    private async Task<WebApplication?> StartSocketAsync(CancellationToken stop)
    {
        if (options.AdminSocket is not { } path) return null;
        // Bound elsewhere and moved there: the one before us deletes what it bound itself when it goes.
        var bound = $"{path}.{Environment.ProcessId}";
        var socket = AdminListener.Build(bound, logs, answer);
        await socket.StartAsync(stop);
        File.SetUnixFileMode(bound, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(bound, path, overwrite: true);
        return socket;
    }
}
