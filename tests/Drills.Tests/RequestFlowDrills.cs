using System.Net;
using ClusterMesh.Cli.Commands;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Drills.Tests.Lab;
using ClusterMesh.Mesh.Wire.Flows;

namespace ClusterMesh.Drills.Tests;

/// <summary>Requests from a proxy to the line that people read: a real agent, the real command, and the agent killed in between.</summary>
public sealed class RequestFlowDrills : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-drill-").FullName;
    private readonly int _admin = EtcdProcess.FreePort();
    private LabProcess? _agent;

    private string Socket => Path.Combine(_directory, "agent.sock");

    public void Dispose()
    {
        _agent?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Requests_OfAProxy_AreObservedAlsoAfterTheAgentWasAway()
    {
        Start();
        using var stop = new CancellationTokenSource();
        using var reporter = new FlowReporter(Socket, TimeProvider.System);
        var running = reporter.RunAsync(_ => { }, stop.Token);
        reporter.Tell(Flow("/first\u001b[2J"));
        var line = await ObserveAsync("--type", "l7", "--http-status", "5+", "--http-path", "^/first");
        Assert.Matches(@"^\w{3} \d\d [0-9:.]+: 10\.1\.0\.5:41000 \(ID:65836\) -> east/10\.2\.0\.7:8080 .* egress FORWARDED \(HTTP/1\.1 GET http://web/first \[2J 503 3ms\) west => east only, failover; 2 attempts\n$", line);

        _agent!.Dispose();
        reporter.Tell(Flow("/second"));
        Start();
        Assert.Contains("http://web/second", await ObserveAsync("--protocol", "http", "--http-method", "get", "--http-path", "second"));
        using var http = new HttpClient();
        var page = PrometheusPage.Parse(await http.GetStringAsync($"http://127.0.0.1:{_admin}/metrics"));
        Assert.Equal(1, page.Value("clustermesh_http_requests_total", ("destination_cluster", "east"), ("status", "503"), ("reporter", "client"), ("reason", "failover")));
        await stop.CancelAsync();
        await running;
    }

    private static RequestFlow Flow(string path) => new(new(IPAddress.Parse("10.1.0.5"), 65836, IPAddress.Parse("10.2.0.7"), "east", "GET", 503, "failover", false))
    {
        Time = TimeProvider.System.GetUtcNow(), Latency = TimeSpan.FromMilliseconds(3), SourcePort = 41_000, DestinationPort = 8080, Asked = IPEndPoint.Parse("10.96.0.1:80"),
        Method = "GET", Host = "web", Path = path, Protocol = "HTTP/1.1", Target = "default/web:80", Split = "only", Pool = "failover", End = "ok", Attempts = 2,
    };

    private void Start() => _agent = LabProcess.Start(
        "clustermesh-agent.dll", "--cluster", "west", "--cluster-id", "1", "--node", "n1", "--node-ip", "127.0.0.1", "--manifests", _directory, "--socket", Socket, "--admin", $"127.0.0.1:{_admin}");

    private async Task<string> ObserveAsync(params string[] filters)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        await Eventually.TrueAsync(
            async () =>
            {
                (output, errors) = (new(), new());
                return await Root.InvokeAsync(["observe", .. filters, "--agent", $"http://127.0.0.1:{_admin}"], new Screen(output, errors), new()) == 0 && output.ToString().Length > 0;
            },
            "the command shows the request", 60);
        return output.ToString();
    }
}
