using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Health;

/// <summary>
/// Brings ejected backends back: one that refused connections as soon as it listens again (a TCP connect, so that no request
/// has to find out), any other one when its time is over.
/// </summary>
internal sealed class EjectionLoop(HealthTable table, TimeProvider time)
{
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(table.Policy.ProbeInterval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            await Task.WhenAll(table.Ejected.Select(backend => ReviewAsync(backend, stop)));
        }
    }

    private async Task ReviewAsync(BackendHealth backend, CancellationToken stop)
    {
        if (backend.Ejection is not { } ejection) return;
        if (ejection.Reason == EndReason.ConnectFailed && table.Policy.ConnectFailureEjects)
        {
            if (await ListensAsync(backend, stop)) table.Restore(backend, "it listens again");
        }
        else if (time.GetUtcNow() >= ejection.Until)
        {
            table.Restore(backend, "its ejection is over");
        }
    }

    private static async Task<bool> ListensAsync(BackendHealth backend, CancellationToken stop)
    {
        if (!IPAddress.TryParse(backend.Backend.Address, out var address)) return true;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(address, backend.Backend.Port), timeout.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
