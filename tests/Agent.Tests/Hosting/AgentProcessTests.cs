using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Hosting;

/// <summary>The real program, with an etcd of its own.</summary>
public sealed class AgentProcessTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-agent-").FullName;
    private readonly int _port = EtcdProcess.FreePort();
    private readonly HttpClient _http = new();
    private EtcdProcess? _etcd;
    private Process? _process;

    private string Socket => Path.Combine(_directory, "agent.sock");

    public async Task InitializeAsync()
    {
        _etcd = await EtcdProcess.StartAsync();
        Directory.CreateDirectory(Path.Combine(_directory, "remotes"));
        Directory.CreateDirectory(Path.Combine(_directory, "manifests"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "etcd.yaml"), $"endpoints: [\"{_etcd.Endpoint}\"]\n");
        await File.WriteAllTextAsync(Path.Combine(_directory, "manifests", "web.yaml"), """
            apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: default, annotations: { service.cilium.io/global: "true" } }
            spec: { ports: [{ name: http, port: 80 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: web-1, namespace: default, labels: { kubernetes.io/service-name: web } }
            addressType: IPv4
            ports: [{ name: http, port: 8080 }]
            endpoints: [{ addresses: [10.1.0.1] }]
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: web-0, namespace: default, labels: { app: web } }
            spec: { nodeName: n1, containers: [{ name: c }] }
            status: { phase: Running, podIP: 10.1.0.1 }
            ---
            apiVersion: v1
            kind: Node
            metadata: { name: n1 }
            spec: { podCIDR: 10.1.0.0/24 }
            status: { addresses: [{ type: InternalIP, address: 172.18.0.2 }] }
            """);
    }

    public async Task DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill();
        _process?.Dispose();
        _http.Dispose();
        await _etcd!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Run_WithAnEtcd_TellsOthersServesProxiesAndAnswersItsAdminPort()
    {
        Start();
        await ReadyAsync();
        AgentState state = null!;
        await Eventually.TrueAsync(async () => (state = await StateAsync()).Agent.Publishing is { Synced: true, Leader: true, Services: 1, Endpoints: 1 }, "all is told");

        Assert.Equal(("west", 1, "n1", "ready"), (state.Agent.Cluster, state.Agent.ClusterId, state.Agent.Node, state.Agent.State));
        Assert.Equal(new() { ["west"] = 1 }, Assert.Single(state.Services).Clusters.ToDictionary());
        Assert.Contains("\"10.1.0.1\"", await _etcd!.CtlAsync("get", "cilium/state/services/v1/west/default/web"), StringComparison.Ordinal);
        var nodes = await _http.GetFromJsonAsync($"http://127.0.0.1:{_port}/nodes", StatusJson.Default.IReadOnlyListNodeStatus);
        Assert.Equal(["InternalIP 172.18.0.2"], Assert.Single(nodes!).Addresses);
        var identities = await _http.GetFromJsonAsync($"http://127.0.0.1:{_port}/identities", StatusJson.Default.IReadOnlyListIdentityStatus);
        Assert.Contains(identities!, identity => identity.Id >> 16 == 1 && identity.Labels.Contains("k8s:app=web"));
        Assert.Contains(identities!, identity => identity is { Id: 2, Labels: ["reserved:world"] });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(Socket));
        var metrics = PrometheusPage.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_port}/metrics"));
        Assert.Equal(1, metrics.Value("cilium_kvstore_initial_sync_completed", ("scope", "services")));
        Assert.Equal(0, metrics.Value("cilium_clustermesh_remote_clusters", ("source_cluster", "west")));
        Assert.Equal(1, metrics.Value("cilium_clustermesh_global_services", ("source_node_name", "n1")));
        Assert.Equal(1, metrics.Value("clustermesh_agent_ready"));
        await FollowAsync();
    }

    [Fact]
    public async Task Stop_BySigterm_EndsInGoodOrderAndLeavesWhatWasTold()
    {
        Start();
        await ReadyAsync();
        await Eventually.TrueAsync(async () => (await StateAsync()).Agent.Publishing is { Synced: true }, "all is told");
        using var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
        await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

        Assert.Equal(0, _process.ExitCode);
        Assert.Contains("10.1.0.1", await _etcd!.CtlAsync("get", "cilium/state/services/v1/west/default/web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongSettings_EndsWith2AndSaysEach()
    {
        Start("--cluster-id", "300");
        var said = await _process!.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync();

        Assert.Equal(2, _process.ExitCode);
        Assert.Contains("clustermesh-agent: --cluster-id: \"300\" is not a number from 1 to 255", said, StringComparison.Ordinal);
    }

    private async Task FollowAsync()
    {
        MeshSnapshot? got = null;
        using var stop = new CancellationTokenSource();
        using var client = new SnapshotClient(Socket, "west", Follower.Edge, null, TimeProvider.System);
        var following = client.RunAsync(snapshot => got = snapshot, static _ => { }, static _ => { }, stop.Token);
        await Eventually.TrueAsync(() => got is not null, "the snapshot arrives");
        Assert.Equal("10.1.0.1:8080", got!.Services[new("default", "web")].Ports[0].Backends.Single().Authority);
        await Eventually.TrueAsync(async () => (await StateAsync()).Agent.Followers == 1, "it is counted");
        await stop.CancelAsync();
        await following;
        await Eventually.TrueAsync(async () => (await StateAsync()).Agent.Followers == 0, "it is gone");
    }

    private void Start(params string[] more) => _process = Process.Start(new ProcessStartInfo("dotnet",
    [
        typeof(SyncGate).Assembly.Location, "--cluster", "west", "--cluster-id", "1", "--node", "n1", "--manifests", Path.Combine(_directory, "manifests"),
        "--etcd", Path.Combine(_directory, "etcd.yaml"), "--remotes", Path.Combine(_directory, "remotes"), "--socket", Socket, "--socket-mode", "660",
        "--admin", $"127.0.0.1:{_port}", .. more,
    ]) { RedirectStandardError = more.Length > 0 });

    private Task ReadyAsync() => Eventually.TrueAsync(async () =>
    {
        Assert.False(_process!.HasExited);
        try
        {
            using var answer = await _http.GetAsync($"http://127.0.0.1:{_port}/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, "the agent is ready", 30);

    private async Task<AgentState> StateAsync() => JsonSerializer.Deserialize(await _http.GetStringAsync($"http://127.0.0.1:{_port}/state"), StatusJson.Default.AgentState)!;
}
