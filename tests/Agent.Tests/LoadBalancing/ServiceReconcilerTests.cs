using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>From a mesh that changes to the maps of the real kernel, through restarts and when they are full.</summary>
public sealed class ServiceReconcilerTests : IDisposable
{
    private const string Global = "service.cilium.io/global=true", Local = Global + " service.cilium.io/affinity=local";
    private const string Backends = "w/n1:10.1.0.1 w/n2:10.1.0.2 e/n1:10.2.0.1";
    private readonly string _pins = $"/sys/fs/bpf/services-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
    private static int s_count;
    private readonly MeshSteps _mesh = new(Backends);
    private readonly FakeTime _time = new();
    private Bpf.Datapath? _datapath;
    private ServiceReconciler _reconciler = null!;

    public void Dispose()
    {
        _datapath?.Dispose();
        if (Directory.Exists(_pins)) Directory.Delete(_pins, recursive: true);
    }

    [KernelFact]
    public void Apply_ServicesComeChangeAndGo_TheKernelFollows()
    {
        Begin();
        _mesh.Put(Scene.Service("a", Global), Backends);
        _mesh.Put(Scene.Service("b", clusterIP: "10.96.0.2", type: "NodePort", nodePort: 30080), "w/n2:10.1.0.2");
        Apply();
        Assert.Equal(["10.96.0.1:80/TCP 10.1.0.1*1 10.1.0.2*1 10.2.0.1*1", "10.96.0.2:80/TCP 10.1.0.2*1", "172.18.0.1:30080/TCP 10.1.0.2*1"], Kernel());
        _mesh.Put(Scene.Service("a", Local), Backends);
        Apply();
        Assert.Equal("10.96.0.1:80/TCP 10.1.0.1*1 10.1.0.2*1, draining 10.2.0.1", Kernel()[0]);
        _mesh.Remove("b");
        Apply();
        Assert.Equal(["10.96.0.1:80/TCP"], Kernel().Select(line => line.Split(' ')[0]));
    }

    [KernelFact]
    public void Apply_NodeGoesAndComesBack_ItsBackendsDo()
    {
        Begin();
        _mesh.Put(Scene.Service("a", Global), Backends);
        Apply();
        _mesh.Reachability = Scene.Reachability(Backends, "e/n1");
        Apply();
        Assert.Equal(["10.96.0.1:80/TCP 10.1.0.1*1 10.1.0.2*1"], Kernel());
        var status = Assert.Single(_reconciler.Status());
        Assert.EndsWith("unreachable: e/n1", status.Why, StringComparison.Ordinal);
        Assert.Equal(["e unreachable 0", "w active 0.5", "w active 0.5"], status.Backends.Select(backend => $"{backend.Cluster} {backend.State} {backend.Share}"));
        _mesh.Reachability = Scene.Reachability(Backends);
        Apply();
        Assert.Equal(["10.96.0.1:80/TCP 10.1.0.1*1 10.1.0.2*1 10.2.0.1*1"], Kernel());
    }

    [KernelFact]
    public void Apply_AfterARestartNotInSync_KeepsWhatTheKernelHasOfTheMesh()
    {
        Begin();
        _mesh.Put(Scene.Service("global", Global), Backends);
        _mesh.Put(Scene.Service("own", clusterIP: "10.96.0.2"), "w/n1:10.1.0.1");
        _mesh.Put(Scene.Service("gone", clusterIP: "10.96.0.3"), "w/n1:10.1.0.1");
        Apply();

        // The other cluster was not heard yet; the own one has changed while nobody looked.
        Begin();
        _mesh.Remove("gone");
        _mesh.Put(Scene.Service("global", Global), "w/n1:10.1.0.1");
        _mesh.Put(Scene.Service("own", clusterIP: "10.96.0.2"), "w/n2:10.1.0.2");
        _mesh.Put(Scene.Service("new", Global, clusterIP: "10.96.0.4"), "w/n1:10.1.0.1");
        Apply(pruneAllowed: false);
        Assert.Equal(
            ["10.96.0.1:80/TCP 10.1.0.1*1 10.1.0.2*1 10.2.0.1*1", "10.96.0.2:80/TCP 10.1.0.2*1", "10.96.0.3:80/TCP 10.1.0.1*1", "10.96.0.4:80/TCP 10.1.0.1*1"], Kernel());
        Assert.Contains("kept from before the restart", _reconciler.Status().Single(status => status.Service == "").Why, StringComparison.Ordinal);

        _mesh.Put(Scene.Service("global", Global), "w/n1:10.1.0.1 e/n1:10.2.0.1");
        Apply();
        Assert.Equal(["10.96.0.1:80/TCP 10.1.0.1*1 10.2.0.1*1", "10.96.0.2:80/TCP 10.1.0.2*1", "10.96.0.4:80/TCP 10.1.0.1*1"], Kernel());
    }

    [KernelFact]
    public void Apply_WhatTheKernelRefuses_IsSaidAndTriedAgainWhenThereIsRoom()
    {
        Begin();
        // More frontends than the map has room for; without backends they cost little.
        var ports = Enumerable.Range(1, KernelServices.MostFrontends).Select(port => new ServicePort($"p{port}", port)).ToArray();
        var services = ((int)Limits.MaxFrontends / ports.Length) + 2;
        for (var i = 0; i < services; i++) _mesh.Put(Scene.Service($"s{i}", clusterIP: $"10.97.0.{i}") with { Ports = ports }, "");
        Apply();
        var there = _datapath!.Services.Current.Count;
        Assert.InRange(there, ports.Length, (services * ports.Length) - 1);
        var problem = Assert.Single(_reconciler.Problems);
        Assert.StartsWith("frontend 10.97.0.", problem.Subject, StringComparison.Ordinal);
        Assert.EndsWith($" and {(services * ports.Length) - there - 1} others", problem.Subject, StringComparison.Ordinal);
        Assert.StartsWith("the kernel refuses: ", problem.Reason, StringComparison.Ordinal);

        // Room for all.
        foreach (var i in Enumerable.Range(0, 3)) _mesh.Remove($"s{i}");
        _mesh.Skip();
        _time.Advance(TimeSpan.FromSeconds(1));
        Apply();
        Assert.Equal((services - 3) * ports.Length, _datapath.Services.Current.Count);
        Assert.Empty(_reconciler.Problems);
    }

    [KernelFact]
    public void Apply_TenThousandServices_OneChangeWritesOneFrontend()
    {
        Begin();
        for (var i = 0; i < 10_000; i++) _mesh.Put(Scene.Service($"s{i}", clusterIP: $"10.97.{i / 250}.{i % 250}"), "w/n1:10.1.0.1 w/n2:10.1.0.2");
        Apply();
        Assert.Equal(10_000, _datapath!.Services.Current.Count);
        var before = _datapath.Services.Current.ToDictionary();
        _mesh.Put(Scene.Service("s77", clusterIP: "10.97.0.77"), "w/n1:10.1.0.9");
        Apply();
        var changed = Assert.Single(_datapath.Services.Current, pair => !ReferenceEquals(pair.Value, before[pair.Key]));
        Assert.Equal("10.97.0.77:80/TCP", $"{changed.Key}");
    }

    // As the agent's process begins: programs and maps as they are pinned.
    private void Begin()
    {
        _datapath?.Dispose();
        _datapath = Bpf.Datapath.Load(new() { PinDirectory = _pins }, NullLogger.Instance);
        _reconciler = new(_datapath.Services, Scene.Node, _time, new ThreadChance());
    }

    private void Apply(bool pruneAllowed = true) => _reconciler.Apply(_mesh.Now, _mesh.Remotes, _mesh.Reachability, pruneAllowed);

    private string[] Kernel() => [.. _datapath!.Services.Current.Select(pair => $"{pair.Key} {Scene.Text(pair.Value)}").Order(StringComparer.Ordinal)];
}
