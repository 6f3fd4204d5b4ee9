using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Health;

/// <summary>
/// Active health (opt-in by clustermesh.io/health-check-path): asks each backend of such a service, healthy or not, and takes
/// it out after some failures in a row. 200 to 399 is healthy.
/// </summary>
internal sealed class ActiveProber(ProxyState state, HealthTable table, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
    private readonly Dictionary<BackendHealth, Probe> _probes = [];
    private long _snapshot = -1;

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_tick, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (state.Snapshot is { } snapshot && snapshot.Version != _snapshot) Plan(snapshot);
            foreach (var (backend, probe) in _probes)
            {
                if (!probe.Running && time.GetElapsedTime(probe.Last) >= probe.Check.Interval) _ = AskAsync(backend, probe, stop);
            }
        }
    }

    private void Plan(ProxySnapshot snapshot)
    {
        _snapshot = snapshot.Version;
        var wanted = snapshot.Mesh.Services.Values.Where(service => service.HealthCheck is not null)
            .SelectMany(service => service.Ports.SelectMany(port => port.Backends).Select(backend => (Health: table.Get(backend), Check: service.HealthCheck!)))
            .DistinctBy(pair => pair.Health).ToDictionary(pair => pair.Health, pair => pair.Check);
        foreach (var gone in _probes.Keys.Where(backend => !wanted.ContainsKey(backend)).ToArray())
        {
            _probes.Remove(gone);
            table.SetProbe(gone, failing: false, "it is not probed any more");
        }

        foreach (var (backend, check) in wanted)
        {
            if (!_probes.TryGetValue(backend, out var known) || known.Check != check) _probes[backend] = new(check);
        }
    }

    private async Task AskAsync(BackendHealth backend, Probe probe, CancellationToken stop)
    {
        probe.Running = true;
        probe.Last = time.GetTimestamp();
        var (healthy, why) = await AnswersAsync(backend, probe.Check, stop);
        if (stop.IsCancellationRequested) return;
        probe.InARow = probe.LastHealthy == healthy ? probe.InARow + 1 : 1;
        probe.LastHealthy = healthy;
        if (probe.InARow >= (healthy ? probe.Check.HealthyAfter : probe.Check.UnhealthyAfter)) table.SetProbe(backend, !healthy, why);
        probe.Running = false;
    }

    private async Task<(bool Healthy, string Why)> AnswersAsync(BackendHealth backend, HealthCheckModel check, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(check.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, backend.HttpPrefix + check.Path);
            using var response = await _invoker.SendAsync(request, timeout.Token);
            return ((int)response.StatusCode is >= 200 and < 400, $"GET {check.Path} gave {(int)response.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            return (false, exception is OperationCanceledException ? $"GET {check.Path}: no answer in {check.Timeout.TotalSeconds:0.###} s" : $"GET {check.Path}: {exception.Message}");
        }
    }

    public void Dispose() => _invoker.Dispose();

    private sealed class Probe(HealthCheckModel check)
    {
        public HealthCheckModel Check { get; } = check;
        public volatile bool Running;
        public long Last;
        public bool LastHealthy = true;
        public int InARow;
    }
}
