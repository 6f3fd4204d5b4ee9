using System.Runtime.CompilerServices;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Nodes;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>Two clusters of two nodes, and the pods that the scenarios speak of. Up once for all tests that share it.</summary>
public abstract class TwoClusters(string routing) : IAsyncLifetime
{
    private RunningLab? _lab;

    internal RunningLab Lab => _lab ?? throw new InvalidOperationException("the lab is not up");

    public async Task InitializeAsync()
    {
        if (KernelRing.Missing is not null) return;
        var topology = new LabTopology(
        [
            Plan("cluster-1", 1, "10.1.0.0/16", "10.96.0.0/16") with { Gateways = true }, Plan("cluster-2", 2, "10.2.0.0/16", "10.97.0.0/16"),
        ], routing);
        _lab = await RunningLab.UpAsync(topology, new($"test-{routing}-{Environment.ProcessId}", LabPrograms.Find(AppContext.BaseDirectory), static _ => { }), CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_lab is { } lab) await lab.DisposeAsync();
    }

    internal static string Scenarios() => Path.Combine(Path.GetDirectoryName(Here())!, "Scenarios");

    internal static string Scenario(string name) => File.ReadAllText(Path.Combine(Scenarios(), $"{name}.txt"));

    /// <summary>What a drill adds to a cluster.</summary>
    internal static string Drill(string name) => File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "Drills", "manifests", $"{name}.yaml"));

    /// <summary>All that a cluster begins with.</summary>
    internal static string Written(string cluster) =>
        string.Join("\n---\n", Directory.EnumerateFiles(Path.Combine(Scenarios(), "clusters", cluster)).Order(StringComparer.Ordinal).Select(File.ReadAllText));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static ClusterPlan Plan(string name, int id, string pods, string services) =>
        new(name, id, 2, System.Net.IPNetwork.Parse(pods), System.Net.IPNetwork.Parse(services), [Path.Combine(Scenarios(), "clusters", name)]);
}

/// <summary>Through VXLAN everywhere.</summary>
public sealed class TunnelledClusters() : TwoClusters("tunnel");
