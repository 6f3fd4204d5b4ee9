using System.Net;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Bpf.Services;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>What bpf lb list says of a frontend.</summary>
public sealed class FrontendStatusesTests
{
    private const string Backends = "w/n1:10.1.0.1 w/n2:10.1.0.2 w/n1:10.1.0.3T w/n1:10.1.0.4N e/n1:10.2.0.1";
    private const string Local = "service.cilium.io/global=true service.cilium.io/affinity=local";

    [Fact]
    public void Of_WhatWasCompiled_NamesEachBackendWithStateAndShare()
    {
        var wanted = Scene.Compile(Scene.Service(annotations: Local), Backends, "w/n2").Frontends[0];
        var status = FrontendStatuses.Of(wanted.Frontend, wanted.Model, wanted, Scene.View(Backends).Places);
        Assert.Equal(("10.96.0.1:80", "TCP", "default", "web", "http", "ClusterIP", "local"), (status.Frontend, status.Protocol, status.Namespace, status.Service, status.Port, status.Type, status.Affinity));
        Assert.Equal("affinity local: 1 of 3 healthy in w; unreachable: w/n2", status.Why);
        Assert.Equal(
            ["e 10.2.0.1:8080 active 0 n1 pod-10.2.0.1", "w 10.1.0.1:8080 active 1 n1 ", "w 10.1.0.2:8080 unreachable 0 n2 ", "w 10.1.0.3:8080 terminating 0 n1 ", "w 10.1.0.4:8080 not-ready 0 n1 "],
            status.Backends.Select(backend => $"{backend.Cluster} {backend.Address} {backend.State} {backend.Share} {backend.Node} {backend.Pod}"));
    }

    [Fact]
    public void Of_Weights_ShowsSharesThatSumToOne()
    {
        var wanted = Scene.Compile(Scene.Service(annotations: "service.cilium.io/global=true clustermesh.io/cluster-weights=w=75,e=25"), "w/n1:10.1.0.1 w/n2:10.1.0.2 e/n1:10.2.0.1").Frontends[0];
        var status = FrontendStatuses.Of(wanted.Frontend, wanted.Model, wanted, BackendPlaces.None);
        Assert.Equal([0.25, 0.375, 0.375], status.Backends.Select(backend => backend.Share));
    }

    [Fact]
    public void Of_KernelStillOtherwise_TellsWhatTheKernelDoes()
    {
        var wanted = Scene.Compile(Scene.Service(), "w/n1:10.1.0.1").Frontends[0];
        var old = new FrontendModel([new(new(IPAddress.Parse("10.9.9.9"), 8080), 1)], [new(IPAddress.Parse("10.9.9.8"), 8080)]);
        var status = FrontendStatuses.Of(wanted.Frontend, old, wanted, BackendPlaces.None);
        Assert.Equal(
            ["w 10.1.0.1:8080 active 0", " 10.9.9.9:8080 active 1", " 10.9.9.8:8080 terminating 0"],
            status.Backends.Select(backend => $"{backend.Cluster} {backend.Address} {backend.State} {backend.Share}"));
    }

    [Fact]
    public void Of_NobodyWantsIt_SaysThatItIsKept()
    {
        var frontend = new Frontend(IPAddress.Parse("10.96.0.1"), 53, 17);
        var status = FrontendStatuses.Of(frontend, new([new(new(IPAddress.Parse("10.9.9.9"), 53), 1)], []), null, BackendPlaces.None);
        Assert.Equal(("10.96.0.1:53", "UDP", ""), (status.Frontend, status.Protocol, status.Service));
        Assert.Contains("kept from before", status.Why, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(status.Backends).Share);
    }
}
