using System.Collections.Concurrent;
using ClusterMesh.Drills.Tests.Lab;

namespace ClusterMesh.Drills.Tests.Load;

/// <summary>
/// Requests at a steady rate, which does not wait for answers, through each gateway to each service in turn. All of them are
/// idempotent, and none may fail.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>So many requests a second through each gateway.</summary>
    private const int Rate = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = s_patience };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _answers = new(), _failures = new();
    private readonly Task _running;
    private int _sent;

    private SteadyLoad(IEnumerable<LabGateway> gateways) => _running = Task.WhenAll([.. gateways.Select(gateway => Task.Run(() => SendAsync(gateway)))]);

    public static SteadyLoad On(params IEnumerable<LabGateway> gateways) => new(gateways);

    /// <summary>How many answers a service got from a cluster through all gateways.</summary>
    public int AnswersOf(string service, string cluster) => _answers.GetValueOrDefault($"{service} from {cluster}");

    /// <summary>Ends it, after the answers to all that was sent, and fails the drill if one was not as it should be.</summary>
    public async Task EndsWithoutFailureAsync()
    {
        await StopAsync();
        Assert.True(_failures.IsEmpty, $"{_failures.Values.Sum()} of {_sent} requests failed:\n{string.Join('\n', _failures.Select(failure => $"{failure.Value} x {failure.Key}"))}");
        Assert.Equal(_sent, _answers.Values.Sum());
        Assert.All(MeshLab.Services, service => Assert.Contains(_answers.Keys, answer => answer.StartsWith(service, StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task SendAsync(LabGateway gateway)
    {
        var open = new ConcurrentDictionary<Task, bool>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / Rate);
        try
        {
            for (var at = 0; ; at++)
            {
                var request = RequestAsync(gateway, MeshLab.Services[at % MeshLab.Services.Length]);
                open[request] = true;
                _ = request.ContinueWith(ended => open.TryRemove(ended, out _), TaskScheduler.Default);
                await timer.WaitForNextTickAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open.Keys);
        }
    }

    private async Task RequestAsync(LabGateway gateway, string service)
    {
        Interlocked.Increment(ref _sent);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{gateway.Http}/");
            request.Headers.Host = $"{service}.test";
            using var response = await _client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode) Count(_answers, $"{service} from {body}");
            else Count(_failures, $"{service} by {gateway.Name}: {(int)response.StatusCode} {body}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            Count(_failures, $"{service} by {gateway.Name}: {e.GetType().Name} {e.Message}");
        }
    }

    private static void Count(ConcurrentDictionary<string, int> counts, string what) => counts.AddOrUpdate(what, 1, static (_, count) => count + 1);
}
