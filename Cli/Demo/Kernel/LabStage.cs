using System.Net;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Lab.Nodes;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Demo.Kernel;

/// <summary>What the kernel's rows play on: the sample lab, two clusters of two nodes, and in each a pod that asks for rebel-base.</summary>
internal sealed class LabStage : IStage, IAsyncDisposable
{
    public const string OneName = "cluster-1", TwoName = "cluster-2", Client = "x-wing-1", Service = "rebel-base";

    private LabStage(RunningLab lab, string name, TimeProvider time)
    {
        (Lab, Name, Time) = (lab, name, time);
        (One, Two) = (TrafficOf(OneName, Service), TrafficOf(TwoName, Service));
    }

    public RunningLab Lab { get; }

    /// <summary>What to give to `clustermesh lab --name`.</summary>
    public string Name { get; }

    public TimeProvider Time { get; }

    /// <summary>From x-wing of cluster-1, to the ClusterIP that rebel-base has there.</summary>
    public PodTraffic One { get; }

    /// <summary>From x-wing of cluster-2, to the ClusterIP that rebel-base has there.</summary>
    public PodTraffic Two { get; }

    /// <summary>Where x-wing of cluster-1 is.</summary>
    public LabNodeState ClientNode => Lab.State.Nodes.Single(node => node.Name == Lab.State.Pods.Single(pod => PathOf(pod) == PathOf(OneName)).Node);

    /// <summary>A backend on the node where x-wing of cluster-1 is, as NAMESPACE/POD.</summary>
    public string Neighbour => Lab.State.Pods.Where(pod => pod.Node == ClientNode.Name && pod.Name.StartsWith($"{Service}-", StringComparison.Ordinal)).Select(pod => $"{pod.Namespace}/{pod.Name}").First();

    /// <exception cref="LabException">It does not come up; nothing is left of it.</exception>
    public static async Task<LabStage> UpAsync(LabPrograms programs, TimeProvider time, CancellationToken cancel)
    {
        var topology = TopologyReader.Read(Path.Combine(AppContext.BaseDirectory, "config", "lab", "topology.yaml"));
        // One for each demo: several may run at once.
        var name = FormattableString.Invariant($"demo-{Environment.ProcessId}");
        return new(await RunningLab.UpAsync(topology, new(name, programs, static _ => { }) { Time = time }, cancel), name, time);
    }

    /// <summary>From x-wing of cluster-1, to the ClusterIP that a service has there whose requests are its proxy's; the caller's to dispose.</summary>
    public PodTraffic TrafficTo(string service) => TrafficOf(OneName, service, LabConnection.RequestPatience);

    /// <summary>The address that a service has for pods of cluster-1.</summary>
    public IPAddress AddressOf(string service) => AddressOf(OneName, service);

    public static string PathOf(string cluster) => $"{cluster}/default/{Client}";

    /// <summary>Sets an annotation of cluster-1's rebel-base; returns when it is written, and traffic has yet to follow.</summary>
    public async Task AnnotateAsync(string annotation, string value, CancellationToken cancel)
    {
        var service = Written().Single(theObject => ObjectId.Of(theObject) is { Kind: "Service", Key.Name: Service });
        service.Map("metadata").Map("annotations")[annotation] = value;
        await Lab.Cluster(OneName).ControlPlane.ApplyAsync([service], cancel);
    }

    /// <summary>All objects of cluster-1 are again as they were written, and its pods ready.</summary>
    public Task RestoreAsync() => Lab.Cluster(OneName).ControlPlane.ApplyAsync([.. Written()], CancellationToken.None);

    public void ThrowIfAnyEnded()
    {
        foreach (var process in Lab.Clusters.SelectMany(cluster => cluster.Processes)) process.ThrowIfEnded();
    }

    /// <summary>Does what `clustermesh lab` asks of it, until it is told to stop.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        using var server = new LabServer(new(Name), new(Lab));
        await server.RunAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        One.Dispose();
        Two.Dispose();
        await Lab.DisposeAsync();
    }

    private static string PathOf(LabPodState pod) => $"{pod.Cluster}/{pod.Namespace}/{pod.Name}";

    private IEnumerable<JsonObject> Written() => Lab.Cluster(OneName).Plan.Manifests.SelectMany(ManifestReader.Read);

    private PodTraffic TrafficOf(string cluster, string service, TimeSpan? patience = null) => new(Lab.Netns(PathOf(cluster)), new(AddressOf(cluster, service), 80), Time, patience);

    private IPAddress AddressOf(string cluster, string service) =>
        IPAddress.Parse(ExecEnvironment.Of(Lab.State, PathOf(cluster))[$"{service.Replace('-', '_').ToUpperInvariant()}_SERVICE_HOST"]);
}
