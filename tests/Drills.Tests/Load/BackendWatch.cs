using System.Collections.Concurrent;
using ClusterMesh.Drills.Tests.Lab;

namespace ClusterMesh.Drills.Tests.Load;

/// <summary>Looks again and again which backends a gateway has for a service: at no moment may one of these be missing.</summary>
internal sealed class BackendWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _missing = new();
    private readonly Task _running;
    private int _looks;

    public BackendWatch(LabGateway gateway, string service, params string[] backends) => _running = Task.Run(() => LookAsync(gateway, service, backends));

    public async Task EndsWithNothingMissingAsync()
    {
        await StopAsync();
        Assert.True(_missing.IsEmpty, $"{_missing.Count} of {_looks} looks: {_missing.FirstOrDefault()}");
        Assert.True(_looks > 1, "nobody looked");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task LookAsync(LabGateway gateway, string service, string[] backends)
    {
        using var timer = new PeriodicTimer(s_period);
        while (!_stop.IsCancellationRequested)
        {
            if (await gateway.State.ReadAsync() is { } state)
            {
                var there = LabGateway.BackendsOf(state, service).Select(backend => backend.Address).ToList();
                if (backends.Except(there).ToList() is { Count: > 0 } missing) _missing.Enqueue($"{gateway.Name}: {service} is without {string.Join(", ", missing)}");
                _looks++;
            }

            await ((Task)timer.WaitForNextTickAsync(_stop.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
