using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using static ClusterMesh.Agent.Tests.Datapath.Scene;

namespace ClusterMesh.Agent.Tests.Datapath;

/// <summary>From manifests to the real kernel, and to the node's proxies.</summary>
public sealed class PolicyReconcilerTests : IDisposable
{
    private static int s_count;
    private readonly string _pins = $"/sys/fs/bpf/policies-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
    private readonly string _manifests = Directory.CreateTempSubdirectory("clustermesh-policies-").FullName;
    private readonly ImmutableDictionary<ObjectKey, PodEndpoint> _endpoints = new[] { Endpoint("a", "10.1.1.2"), Endpoint("b", "10.1.1.3", 2) }.ToImmutableDictionary(endpoint => endpoint.Pod);
    private Bpf.Datapath? _kernel;
    private PolicyReconciler _reconciler = null!;

    public PolicyReconcilerTests()
    {
        foreach (var name in new[] { "a", "b" })
        {
            Write(name, $$"""
                apiVersion: v1
                kind: Pod
                metadata: { name: {{name}}, namespace: default, labels: { app: {{name}} } }
                spec: { nodeName: n1, containers: [{ name: c }] }
                status: { phase: Running }
                """);
        }
    }

    public void Dispose()
    {
        _kernel?.Dispose();
        if (Directory.Exists(_pins)) Directory.Delete(_pins, recursive: true);
        Directory.Delete(_manifests, recursive: true);
    }

    [KernelFact]
    public void Reconcile_AnEndpointThatCannotBeWrittenAfterARestart_KeepsNoOtherFromTheProxies()
    {
        Begin();
        _reconciler.Reconcile(Inputs());
        Assert.False(_reconciler.WantsProxy);

        Begin();
        Policy("b", "fromEndpoints: [{ matchLabels: { app: a } }], toPorts: [{ ports: [{ port: \"80\", protocol: TCP }], rules: { http: [{ method: GET }] } }]");
        Policy("a", $"fromCIDR: [{string.Join(", ", Enumerable.Range(0, (int)Limits.MaxPolicyEntries + 1).Select(i => $"10.9.{i >> 8}.{i & 255}/32"))}]");
        Assert.Throws<BpfException>(() => _reconciler.Reconcile(Inputs()));
        Assert.Equal([(ushort)1], _reconciler.Left);
        var told = _reconciler.Told.Current;
        Assert.NotNull(told);
        Assert.True(told.FindByPod(new("default", "b"))!.Policy.Ingress.DefaultDeny);
        // What the kernel has of it nobody knows any more, and it leaves HTTP rules to the proxy, which asks those that were to be written.
        Assert.True(told.FindByPod(new("default", "a"))!.Policy.Ingress.DefaultDeny);
        Assert.True(_reconciler.WantsProxy);
    }

    [KernelFact]
    public void Reconcile_AfterARestartBeforeAllIsHeard_TheProxiesKeepWhatTheyKnow()
    {
        Begin();
        _reconciler.Reconcile(Inputs());
        Begin();
        _reconciler.Reconcile(Inputs() with { Synced = false });
        Assert.Null(_reconciler.Told.Current);
        _reconciler.Reconcile(Inputs() with { Heard = new(false, false, []), Identities = ImmutableDictionary<uint, string>.Empty });
        Assert.Null(_reconciler.Told.Current);
        _reconciler.Reconcile(Inputs());
        Assert.NotNull(_reconciler.Told.Current);
    }

    private void Begin()
    {
        _kernel?.Dispose();
        _kernel = Bpf.Datapath.Load(new() { PinDirectory = _pins }, NullLogger.Instance);
        _reconciler = new("west", "n1", Net(), _kernel);
    }

    private NodeInputs Inputs()
    {
        using var source = new DirectorySource("west", _manifests, TimeProvider.System);
        var local = source.Load();
        Assert.Empty(local.Problems);
        var identities = local.Pods.Select((pod, at) => KeyValuePair.Create(0x10100u + (uint)at, IdentityLabels.Of(pod, ObjectMeta.None, "west", IdentityLabelFilter.Default, []))).ToImmutableDictionary();
        var snapshot = new MeshSnapshot(1, local, ImmutableSortedDictionary<string, ClusterStatus>.Empty, ImmutableDictionary<ObjectKey, ServiceModel>.Empty, []);
        return new(snapshot, [], identities, Nodes([]), _endpoints, NodeReachability.Unknown, true, new(true, true, [1]));
    }

    private void Policy(string app, string rule) => Write($"policy-{app}", $$"""
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: { name: {{app}}, namespace: default }
        spec: { endpointSelector: { matchLabels: { app: {{app}} } }, ingress: [{ {{rule}} }] }
        """);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_manifests, $"{name}.yaml"), text);
}
