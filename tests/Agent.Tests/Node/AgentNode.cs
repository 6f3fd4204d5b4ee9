using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Bpf.Tests;
using ClusterMesh.Bpf.Tests.Lab;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Node;

/// <summary>A cluster of one node: a namespace with an etcd, an agent and pods, asked over its API.</summary>
internal sealed class AgentNode : IDisposable
{
    private readonly NodeProcess _etcd;
    private readonly string _directory;
    private readonly HttpClient _http;
    private NodeProcess? _agent;

    public AgentNode(string cluster, int number)
    {
        (Cluster, Number) = (cluster, number);
        Netns = new($"a{number}-");
        _directory = Directory.CreateTempSubdirectory($"clustermesh-{cluster}-").FullName;
        foreach (var name in new[] { "manifests", "remotes" }) Directory.CreateDirectory(Path.Combine(_directory, name));
        File.WriteAllText(Path.Combine(_directory, "etcd.yaml"), $"endpoints: [\"http://{Underlay}:2379\"]\n");
        Apply("node", $$"""
            apiVersion: v1
            kind: Node
            metadata: { name: n{{number}} }
            spec: { podCIDR: 10.{{number}}.0.0/24 }
            status: { addresses: [{ type: InternalIP, address: {{Underlay}} }] }
            """);
        _etcd = new(
            Netns, "etcd", "--data-dir", Path.Combine(_directory, "data"), "--listen-client-urls", "http://0.0.0.0:2379", "--advertise-client-urls", $"http://{Underlay}:2379",
            "--listen-peer-urls", "http://127.0.0.1:2380", "--log-level", "error");
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_directory, "api.sock")), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }) { BaseAddress = new("http://agent") };
    }

    public string Cluster { get; }

    public int Number { get; }

    public Netns Netns { get; }

    public string Underlay => $"192.168.50.{Number}";

    public List<LabPod> Pods { get; } = [];

    public NodeProcess Agent => _agent!;

    /// <summary>A manifest file, added or replaced.</summary>
    public void Apply(string name, string text) => File.WriteAllText(Path.Combine(_directory, "manifests", $"{name}.yaml"), text);

    public void ApplyPod(string name, string labels) => Apply(name, $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, namespace: default, labels: { {{labels}} } }
        spec: { nodeName: n{{Number}}, containers: [{ name: c }] }
        status: { phase: Running }
        """);

    public void Remove(string name) => File.Delete(Path.Combine(_directory, "manifests", $"{name}.yaml"));

    public void Knows(AgentNode other) => File.WriteAllText(Path.Combine(_directory, "remotes", other.Cluster), $"endpoints: [\"http://{other.Underlay}:2379\"]\n");

    public void StartAgent(params string[] more) => _agent = StartAnother(more);

    /// <summary>An agent that nobody waits for.</summary>
    public NodeProcess StartAnother(params string[] more) => new(Netns, [
        "dotnet", typeof(SyncGate).Assembly.Location, "--cluster", Cluster, "--cluster-id", $"{Number}", "--node", $"n{Number}", "--manifests", Path.Combine(_directory, "manifests"),
        "--etcd", Path.Combine(_directory, "etcd.yaml"), "--remotes", Path.Combine(_directory, "remotes"), "--datapath", "ebpf", "--bpf-root", Pins, "--state", Path.Combine(_directory, "state"),
        "--api", Path.Combine(_directory, "api.sock"), .. more]);

    public async Task ReadyAsync()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if (Agent.ExitCode is not null) Assert.Fail($"the agent ended: {Agent.Said}");
                try
                {
                    using var answer = await _http.GetAsync("/readyz");
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"the agent of {Cluster} is ready", 60);
    }

    /// <summary>With its object in the manifests, and an endpoint.</summary>
    public async Task<LabPod> AddPodAsync(string name, string labels)
    {
        ApplyPod(name, labels);
        var netns = new Netns($"p{Number}-");
        var status = await AddEndpointAsync(name, netns);
        var pod = new LabPod(status.Address, (ushort)status.Id, status.Identity, netns);
        Pods.Add(pod);
        return pod;
    }

    public async Task<EndpointStatus> AddEndpointAsync(string name, Netns netns, string? address = null)
    {
        using var answer = await PostAsync(new("default", name, $"/run/netns/{netns.Name}", address));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(StatusJson.Default.EndpointStatus))!;
    }

    /// <summary>What the agent says of a request of a pod of namespace default.</summary>
    public async Task<Explanation> ExplainAsync(string pod, string url)
    {
        using var answer = await _http.PostAsJsonAsync("/explain", new("GET", url, [], $"default/{pod}"), StatusJson.Default.ExplainRequest);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(StatusJson.Default.Explanation))!;
    }

    public Task<HttpResponseMessage> PostAsync(EndpointRequest request) => _http.PostAsJsonAsync("/endpoints", request, StatusJson.Default.EndpointRequest);

    public async Task<HttpStatusCode> DeleteAsync(string name)
    {
        using var answer = await _http.DeleteAsync($"/endpoints/default/{name}");
        return answer.StatusCode;
    }

    public async Task<IReadOnlyList<EndpointStatus>> EndpointsAsync() => (await _http.GetFromJsonAsync("/endpoints", StatusJson.Default.IReadOnlyListEndpointStatus))!;

    public Task<string> GetAsync(string path) => _http.GetStringAsync(path);

    /// <summary>What it answers to a question that is wrong.</summary>
    public async Task<string> ErrorAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        Assert.False(answer.IsSuccessStatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    public async Task<EndpointStatus> EndpointAsync(string name) => (await EndpointsAsync()).Single(endpoint => endpoint.Pod == name);

    public Task IdentifiedAsync(string name) => Eventually.TrueAsync(async () => await EndpointAsync(name) is { State: "ready", Identity: > 255 }, $"{name} has an identity");

    public void KillEtcd() => _etcd.Kill();

    /// <summary>As if the agent that starts next had maps of another layout.</summary>
    public void MoveMapsAway()
    {
        Directory.Move(Path.Combine(NodePins, "v1"), Path.Combine(NodePins, "v0"));
    }

    public void Dispose()
    {
        _agent?.Dispose();
        _etcd.Dispose();
        _http.Dispose();
        Pods.ForEach(pod => pod.Dispose());
        if (Directory.Exists(Pins)) Directory.Delete(Pins, recursive: true);
        Netns.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Of this node's data path.</summary>
    public string NodePins => Path.Combine(Pins, $"{Cluster}-n{Number}");

    private string Pins => $"{Netns.PinRoot}/{Netns.Name}";
}
