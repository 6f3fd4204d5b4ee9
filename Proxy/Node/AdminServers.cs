using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy.Node.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>The admin pages: for scrapers at an address, for the agent at a Unix socket. A successor waits for the address until the one before it is gone.</summary>
internal sealed class AdminServers(ProxyOptions options, RequestDelegate answer, ILoggerFactory logs, ILogger log, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private WebApplication? _socket, _port;
    private Task _trying = Task.CompletedTask;

    /// <exception cref="IOException">One of them cannot be listened at, for another reason than that the address is taken.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        _socket = await StartSocketAsync(cancel);
        if (await TryPortAsync(cancel)) return;
        Log.AdminTaken(log, $"{options.Admin}");
        _trying = TryAgainAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _trying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_port is not null) await _port.DisposeAsync();
        if (_socket is not null) await _socket.DisposeAsync();
        _stop.Dispose();
    }

    private async Task TryAgainAsync(CancellationToken stop)
    {
        do await Task.Delay(s_retry, time, stop);
        while (!await TryPortAsync(stop));
    }

    private async Task<bool> TryPortAsync(CancellationToken cancel)
    {
        var port = AdminListener.Build(options.Admin, logs, answer);
        try
        {
            await port.StartAsync(cancel);
            _port = port;
            return true;
        }
        catch (Exception exception)
        {
            await port.DisposeAsync();
            if (exception is IOException { InnerException: AddressInUseException }) return false;
            throw;
        }
    }

    private async Task<WebApplication?> StartSocketAsync(CancellationToken cancel)
    {
        if (options.AdminSocket is not { } path) return null;
        // Bound elsewhere and moved there: the one before us deletes what it bound itself when it goes.
        var bound = $"{path}.{Environment.ProcessId}";
        var socket = AdminListener.Build(bound, logs, answer);
        await socket.StartAsync(cancel);
        File.SetUnixFileMode(bound, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(bound, path, overwrite: true);
        return socket;
    }
}
