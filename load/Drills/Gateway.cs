using System.Net;
using System.Text.Json;
using ClusterMesh.Load.Http;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

/// <summary>A running clustermesh-ingress of cluster west, with east as its peer.</summary>
internal sealed class Gateway
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(2) };

    private Gateway(string name, IPEndPoint http, IPEndPoint admin, ChildProcess process) =>
        (Name, Http, Admin, Process) = (name, http, admin, process);

    public string Name { get; }

    public IPEndPoint Http { get; }

    public IPEndPoint Admin { get; }

    public ChildProcess Process { get; }

    public static Gateway Start(Stage stage, string name)
    {
        var http = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        var admin = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        var command = Command(name, stage, http, admin);
        return new Gateway(name, http, admin, stage.Start(command));
    }

    public static ProcessCommand Command(string name, Stage stage, IPEndPoint http, IPEndPoint admin) => new(name,
    [
        Repository.Command("clustermesh-ingress"), "--cluster", "west", "--manifests", stage.West.Path, "--peer", $"east={stage.East.Path}",
        "--http", $"{http}", "--admin", $"{admin}", "--access-log", "off", "--warm-up", "2s", "--drain-delay", "2s",
    ]);

    public Target Target(string host, string path = "/") => new(Name, Http, host, path);

    public async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var response = await Client.GetAsync($"http://{Admin}/readyz", stop);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>The version of the snapshot in force.</summary>
    public async Task<long> SnapshotAsync(CancellationToken stop)
    {
        await using var state = await Client.GetStreamAsync($"http://{Admin}/state", stop);
        using var json = await JsonDocument.ParseAsync(state, cancellationToken: stop);
        return json.RootElement.GetProperty("gateway").GetProperty("snapshot").GetInt64();
    }

    /// <summary>The version of the backend that answers a request now; the status where there is no such header.</summary>
    public async Task<string> VersionAsync(string host, string path, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Http}{path}");
        request.Headers.Host = host;
        using var response = await Client.SendAsync(request, stop);
        return response.Headers.TryGetValues("x-echo-version", out var values) ? values.First() : $"{(int)response.StatusCode}";
    }
}
