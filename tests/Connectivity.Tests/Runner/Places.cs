using System.Net;
using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>
/// The short names of scenarios: "client" is a pod of cluster-1 in any namespace, "2/client" one of cluster-2, "node/1" and "2/node/1"
/// are nodes, "svc/echo" is a Service's ClusterIP as the cluster of the one who asks has it, "outside" is in no cluster.
/// </summary>
internal sealed class Places(RunningLab lab)
{
    public NetworkNamespace Namespace(string place) => lab.Netns(Target(place));

    /// <summary>As `lab exec` has it.</summary>
    public string Target(string place) => Split(place) switch
    {
        (_, Underlay.OutsideName) => Underlay.OutsideName,
        var (cluster, name) when name.StartsWith("node/", StringComparison.Ordinal) => $"node:{Node(cluster, name)}",
        var (cluster, name) => PathOf(Pod(cluster, name)),
    };

    /// <param name="from">Who asks for it: a Service has another address in each cluster.</param>
    public IPAddress Address(string place, string from = "")
    {
        if (IPAddress.TryParse(place, out var address)) return address;
        var (cluster, name) = Split(place);
        if (name == Underlay.OutsideName) return IPAddress.Parse(Underlay.OutsideAddress);
        if (name.StartsWith("node/", StringComparison.Ordinal)) return IPAddress.Parse(lab.State.Nodes.Single(node => node.Name == Node(cluster, name)).Address);
        if (name.StartsWith("svc/", StringComparison.Ordinal)) return Service(Split(from).Cluster, name["svc/".Length..]);
        return IPAddress.Parse(Pod(cluster, name).Address);
    }

    /// <summary>With the address of the pod in place of each "{pod}".</summary>
    public string WithAddresses(string text) => Regex.Replace(text, @"\{([\w/-]+)\}", place => $"{Address(place.Groups[1].Value)}");

    /// <summary>What to give to --agent.</summary>
    public string Agent(string node) => lab.State.Nodes.Single(state => state.Name == node).Agent;

    /// <summary>A page of a node's agent.</summary>
    public Task<string> PageAsync(string node, string path) => GetAsync(Agent(node)["unix:".Length..], path);

    /// <summary>A page of a node's proxy, the one that was started last.</summary>
    public Task<string> ProxyPageAsync(string node, string path) => GetAsync(Path.Combine(Path.GetDirectoryName(Agent(node)["unix:".Length..])!, "proxy", "admin.sock"), path);

    private static async Task<string> GetAsync(string socket, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancel) => UnixSocket.ConnectAsync(socket, cancel) });
        return await http.GetStringAsync($"http://node{path}");
    }

    private static (string Cluster, string Name) Split(string place) =>
        place.Length > 2 && place[1] == '/' && char.IsAsciiDigit(place[0]) ? ($"cluster-{place[0]}", place[2..]) : ("cluster-1", place);

    private static string PathOf(LabPodState pod) => $"{pod.Cluster}/{pod.Namespace}/{pod.Name}";

    private static string Node(string cluster, string name) => $"{cluster}-node-{name["node/".Length..]}";

    private LabPodState Pod(string cluster, string name) => lab.State.Pods.Single(pod => pod.Cluster == cluster && pod.Name == name);

    private IPAddress Service(string cluster, string name)
    {
        using var source = new DirectorySource(cluster, lab.State.Nodes.First(node => node.Cluster == cluster).Manifests, TimeProvider.System);
        return IPAddress.Parse(source.Load().Services.Values.Single(service => service.Key.Name == name).ClusterIP!);
    }
}
