using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Explain;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.Explain;

/// <summary>
/// Pods demo/x-wing (10.1.0.5) and demo/rebel-base-0 (10.1.0.7) on west/n1; Service demo/rebel-base at 10.96.0.1:80 with the latter and
/// 10.2.0.7 in east; demo/bare without backends, demo/headless, demo/outside.
/// </summary>
internal sealed class ExplainScene
{
    public const uint XWing = (1 << 16) + 300, RebelBase = (1 << 16) + 400, East = (2 << 16) + 400;

    private readonly Dictionary<ObjectKey, ServiceModel> _services = [];
    private readonly List<FrontendStatus> _frontends =
    [
        new("10.96.0.1:80", "TCP", "demo", "rebel-base", "http", "ClusterIP", "none", "affinity none: 2 of 2 healthy in east, west",
            [new("east", "10.2.0.7:8080", "active", 0.25, "n2", "rebel-base-0"), new("west", "10.1.0.7:8080", "active", 0.75, "n1", "rebel-base-0"), new("west", "10.1.0.8:8080", "terminating", 0, "n1", null)]),
        new("172.18.0.1:30080", "TCP", "demo", "rebel-base", "http", "NodePort", "none", "affinity none: 1 of 1 healthy in west", [new("west", "10.1.0.7:8080", "active", 1, "n1", "rebel-base-0")]),
        new("10.96.0.2:80", "TCP", "demo", "bare", "http", "ClusterIP", "none", "nobody has a backend", []),
    ];

    private EndpointPolicy _egress = Policy(PolicyReason.Allowed), _ingress = Policy(PolicyReason.Allowed);
    private bool _proxy;

    public ExplainScene()
    {
        Service("rebel-base", "10.96.0.1");
        Service("bare", "10.96.0.2");
        Service("headless", "None", "10.2.0.9");
        Service("outside", null, type: "ExternalName");
    }

    public ExplainScene L7(string annotations = "clustermesh.io/l7=http")
    {
        var pairs = annotations.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(text => text.Split('=')[0], text => text.Split('=')[1]);
        var before = _services[new("demo", "rebel-base")];
        _services[before.Key] = before with { Object = before.Object with { Meta = before.Object.Meta with { Annotations = pairs } }, L7Ports = [80] };
        _frontends[0] = _frontends[0] with { L7 = true };
        return this;
    }

    public ExplainScene Proxy()
    {
        _proxy = true;
        return this;
    }

    /// <summary>Of x-wing, about one peer; of others nothing is allowed.</summary>
    public ExplainScene Egress(uint peer, string verdict)
    {
        _egress = Rows(PolicyDirection.Egress, peer, verdict);
        return this;
    }

    /// <summary>Of rebel-base-0 here.</summary>
    public ExplainScene Ingress(uint peer, string verdict)
    {
        _ingress = Rows(PolicyDirection.Ingress, peer, verdict);
        return this;
    }

    public PodScene Build()
    {
        var pods = new[]
        {
            new ScenePod(new("demo", "x-wing"), 7, IPAddress.Parse("10.1.0.5"), XWing, ["k8s:app=x-wing"], _egress),
            new ScenePod(new("demo", "rebel-base-0"), 8, IPAddress.Parse("10.1.0.7"), RebelBase, ["k8s:app=rebel-base"], _ingress),
        }.ToDictionary(pod => pod.Pod);
        var mesh = new MeshSnapshot(1, new ClusterObjects("west"), ImmutableSortedDictionary<string, ClusterStatus>.Empty, _services.ToImmutableDictionary(), []);
        ImmutableArray<RemoteObjects> east = [new("east", RemoteStatus.Configured(default) with { ClusterId = 2 })];
        var world = new FlowWorld("west", 1, mesh, east, new Dictionary<uint, string>(), pods.Values.ToDictionary(pod => pod.Address, pod => pod.Pod));
        return new("west", "n1", mesh, pods, _frontends, new(world), Identity, _proxy);
    }

    private static uint Identity(IPAddress address) => $"{address}" switch { "10.1.0.5" => XWing, "10.1.0.7" => RebelBase, "10.2.0.7" or "10.2.0.9" => East, _ => 2 };

    private void Service(string name, string? clusterIP, string? backend = null, string type = "ClusterIP")
    {
        var service = new ServiceObject(new(new("demo", name)), [new("http", 80)], clusterIP, type);
        ImmutableArray<Backend> backends = backend is null ? [] : [new("east", backend, 8080)];
        _services[service.Key] = new(service, ServiceMode.NotGlobal, [new(service.Ports[0], backends)]);
    }

    private static EndpointPolicy Policy(PolicyReason reason) => reason == PolicyReason.Allowed
        ? new(Open(PolicyDirection.Ingress), Open(PolicyDirection.Egress))
        : throw new ArgumentOutOfRangeException(nameof(reason));

    private static DirectionPolicy Open(PolicyDirection direction) =>
        new(direction, false, [], ImmutableDictionary<uint, ImmutableArray<PolicyRow>>.Empty.Add(0, [new(PortPrefix.Everything, false, PolicyPrecedence.Allow, RuleOrigin.NotIsolated)]));

    private static EndpointPolicy Rows(PolicyDirection direction, uint peer, string verdict)
    {
        var origin = new RuleOrigin("CiliumNetworkPolicy demo/p", $"spec.{direction.ToString().ToLowerInvariant()}[0]");
        var row = new PolicyRow(PortPrefix.Everything, verdict == "deny", verdict switch { "deny" => PolicyPrecedence.Deny, "http" => PolicyPrecedence.Redirect, _ => PolicyPrecedence.Allow }, origin, verdict == "http" ? new([]) : null);
        var one = new DirectionPolicy(direction, true, ["CiliumNetworkPolicy demo/p"], ImmutableDictionary<uint, ImmutableArray<PolicyRow>>.Empty.Add(peer, [row]));
        return direction == PolicyDirection.Egress ? new(Open(PolicyDirection.Ingress), one) : new(one, Open(PolicyDirection.Egress));
    }
}
