using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Services;

public sealed class ServiceMergerTests
{
    private const string Global = "service.cilium.io/global";
    private static readonly ObjectKey s_key = new("default", "web");

    [Theory]
    [InlineData("service.cilium.io/global=true", "service.cilium.io/global=true", "e w")]
    [InlineData("io.cilium/global-service=true", "io.cilium/global-service=true", "e w")]
    [InlineData("service.cilium.io/global=TRUE", "service.cilium.io/global=True", "e w")]
    [InlineData("service.cilium.io/global=false io.cilium/global-service=true", "service.cilium.io/global=true", "w")]
    [InlineData("service.cilium.io/global=true", "", "w")]
    [InlineData("", "service.cilium.io/global=true", "w")]
    [InlineData("", "", "w")]
    // shared: "false" exports nothing but still consumes
    [InlineData("service.cilium.io/global=true", "service.cilium.io/global=true service.cilium.io/shared=false", "w")]
    [InlineData("service.cilium.io/global=true", "service.cilium.io/global=true io.cilium/shared-service=false", "w")]
    [InlineData("service.cilium.io/global=true service.cilium.io/shared=false", "service.cilium.io/global=true", "e w")]
    public void Merge_Annotations_DecideWhoseBackendsCount(string west, string east, string clusters)
    {
        var merged = Merge(Cluster("w", Service(west), Slice("http", 8080, "10.1.0.1")), Cluster("e", Service(east), Slice("http", 8080, "10.2.0.1")));
        Assert.Equal(clusters, string.Join(' ', merged.Services[s_key].Ports[0].Backends.Select(backend => backend.Cluster)));
    }

    [Fact]
    public void Merge_NoLocalService_IsNotThere() =>
        Assert.Empty(Merge(Cluster("w", null), Cluster("e", Service($"{Global}=true"), Slice("http", 8080, "10.2.0.1"))).Services);

    [Fact]
    public void Merge_LocalServiceWithoutEndpoints_HasTheRemoteOnes() =>
        Assert.Equal(["10.2.0.1:8080"], Authorities(Merge(Cluster("w", Service($"{Global}=true")), Cluster("e", Service($"{Global}=true"), Slice("http", 8080, "10.2.0.1")))));

    [Theory]
    [InlineData("http", "http", 1)]
    [InlineData("http", "grpc", 0)]
    [InlineData("", "grpc", 1)]
    public void Merge_Ports_MatchByName(string port, string slicePort, int backends) =>
        Assert.Equal(backends, Merge(Cluster("w", Service("", port), Slice(slicePort, 8080, "10.1.0.1"))).Services[s_key].Ports[0].Backends.Length);

    [Fact]
    public void Merge_PortWithoutEndpointPort_SaysSo()
    {
        var problem = Assert.Single(Merge(Cluster("w", Service("", "http"), Slice("grpc", 8080, "10.1.0.1"))).Problems);
        Assert.Equal("spec.ports[http]", problem.Field);
        Assert.Contains("no EndpointSlice of the service has a TCP port of that name", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_UdpPorts_AreApartAndHaveTheirOwnBackends()
    {
        var dns = Service($"{Global}=true") with { Ports = [new("tcp", 53), new("udp", 53, "UDP"), new("sctp", 53, "SCTP")] };
        EndpointSliceObject SliceOf(string address) => Slice("tcp", 5353, address) with { Ports = [new("tcp", 5353), new("udp", 5354, "UDP"), new("sctp", 5355, "SCTP")] };
        var merged = Merge(Cluster("w", dns, SliceOf("10.1.0.1")), Cluster("e", dns, SliceOf("10.2.0.1"))).Services[s_key];
        Assert.Equal(["10.2.0.1:5353", "10.1.0.1:5353"], Assert.Single(merged.Ports).Backends.Select(backend => backend.Authority));
        Assert.Equal(["10.2.0.1:5354", "10.1.0.1:5354"], Assert.Single(merged.UdpPorts).Backends.Select(backend => backend.Authority));
        Assert.Equal(["tcp", "udp"], merged.AllPorts.Select(port => port.Port.Name));
    }

    [Fact]
    public void Merge_UdpPortWithoutEndpointPort_SaysSo()
    {
        var dns = Service("") with { Ports = [new("dns", 53, "UDP")] };
        var problem = Assert.Single(Merge(Cluster("w", dns, Slice("dns", 53, "10.1.0.1"))).Problems);
        Assert.Contains("has a UDP port of that name", problem.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null, BackendState.Active)]
    [InlineData(true, true, false, BackendState.Active)]
    [InlineData(false, null, null, BackendState.NotReady)]
    [InlineData(false, true, true, BackendState.Terminating)]
    [InlineData(false, false, true, BackendState.NotReady)]
    [InlineData(true, null, true, BackendState.Terminating)]
    [InlineData(false, true, false, BackendState.NotReady)]
    public void Merge_Conditions_GiveTheState(bool? ready, bool? serving, bool? terminating, BackendState state)
    {
        var slice = Slice("http", 8080) with { Endpoints = [new(["10.1.0.1"], ready, serving, terminating)] };
        Assert.Equal(state, Merge(Cluster("w", Service(""), slice)).Services[s_key].Ports[0].Backends.Single().State);
    }

    [Fact]
    public void Merge_SameAddressInTwoSlices_CountsOnceInItsBestState()
    {
        var notReady = Slice("http", 8080) with { Endpoints = [new(["10.1.0.1"], Ready: false)] };
        var backend = Merge(Cluster("w", Service(""), notReady, Slice("http", 8080, "10.1.0.1"))).Services[s_key].Ports[0].Backends.Single();
        Assert.Equal(BackendState.Active, backend.State);
    }

    [Fact]
    public void Merge_Headless_StillHasBackendsForL7()
    {
        var service = Service($"{Global}=true") with { ClusterIP = "None" };
        Assert.Equal(["10.1.0.1:8080"], Authorities(Merge(Cluster("w", service, Slice("http", 8080, "10.1.0.1")))));
    }

    [Fact]
    public void Merge_NamespaceNotGlobal_ExportsNothing()
    {
        var hidden = new NamespaceObject(new(new("", "default"), ObjectMeta.None, new Dictionary<string, string> { ["clustermesh.cilium.io/global"] = "false" }));
        var east = Cluster("e", Service($"{Global}=true"), Slice("http", 8080, "10.2.0.1")) with { Namespaces = [hidden] };
        Assert.Equal(["10.1.0.1:8080"], Authorities(Merge(Cluster("w", Service($"{Global}=true"), Slice("http", 8080, "10.1.0.1")), east)));
    }

    [Fact]
    public void Merge_NothingChanged_HandsOutTheSameValue()
    {
        var (merger, shared) = (new ServiceMerger("w"), new SharedServices());
        var west = Cluster("w", Service($"{Global}=true"), Slice("http", 8080, "10.1.0.1"));
        var east = Cluster("e", Service($"{Global}=true"), Slice("http", 8080, "10.2.0.1"));
        MergedServices Next(ClusterObjects local, ClusterObjects remote) => merger.Merge(local, ImmutableSortedDictionary<string, RemoteObjects>.Empty.Add("e", shared.Of(remote)));
        var first = Next(west, east);
        var same = Next(west with { Files = 2 }, east);
        Assert.Equal<ObjectKey>([s_key], first.Changed);
        Assert.Same(first.Services, same.Services);
        Assert.Empty(same.Changed);
        var moved = Next(west, east with { Slices = new[] { Slice("http", 8080, "10.2.0.2") }.ToLookup(slice => slice.Service) });
        Assert.Equal<ObjectKey>([s_key], moved.Changed);
        Assert.Equal(["10.2.0.2:8080", "10.1.0.1:8080"], Authorities(moved));
    }

    [Fact]
    public void Merge_ServicesComeAndGoOnBothSides_TheResultIsThatOfAFreshMerge()
    {
        var (merger, east, global) = (new ServiceMerger("w"), Cluster("e", Service($"{Global}=true"), Slice("http", 8080, "10.2.0.1")), Service($"{Global}=true"));
        var west = Cluster("w", global, Slice("http", 8080, "10.1.0.1"));
        var steps = new (ClusterObjects Local, ClusterObjects[] Remotes, string Backends)[]
        {
            (west, [east], "10.2.0.1:8080 10.1.0.1:8080"),
            (west, [], "10.1.0.1:8080"),
            (west, [east], "10.2.0.1:8080 10.1.0.1:8080"),
            (Cluster("w", null), [east], "-"),
            (Cluster("w", global), [east], "10.2.0.1:8080"),
            (Cluster("w", global), [Cluster("e", null)], ""),
            (Cluster("w", null), [Cluster("e", null)], "-"),
            (Cluster("w", null), [east], "-"),
            (west, [east], "10.2.0.1:8080 10.1.0.1:8080"),
        };
        foreach (var (local, remotes, backends) in steps)
        {
            var merged = Merge(merger, [local, .. remotes]);
            Assert.Equal(backends, merged.Services.ContainsKey(s_key) ? string.Join(' ', Authorities(merged)) : "-");
        }
    }

    [Fact]
    public void Merge_ClusterThatIsNamedConnects_TheProblemIsGone()
    {
        var merger = new ServiceMerger("w");
        var west = Cluster("w", Service($"{Global}=true clustermesh.io/cluster-weights=w=1,e=1"));
        Assert.Contains("cluster \"e\" is not connected", Assert.Single(Merge(merger, west).Problems).Reason, StringComparison.Ordinal);
        Assert.Empty(Merge(merger, west, Cluster("e", null)).Problems);
        Assert.Single(Merge(merger, west).Problems);
    }

    [Theory]
    [InlineData("service.cilium.io/affinity=nearest", "\"nearest\" is not local, remote or none", "none is used")]
    [InlineData("clustermesh.io/cluster-weights=w=a", "\"w=a\" is not CLUSTER=WEIGHT", "affinity decides")]
    [InlineData("clustermesh.io/cluster-weights=w=-1", "\"w=-1\" is not CLUSTER=WEIGHT", "affinity decides")]
    [InlineData("clustermesh.io/cluster-weights=w=0", "gives no cluster a weight above 0", "affinity decides")]
    [InlineData("clustermesh.io/cluster-weights=w=1,w=2", "cluster \"w\" comes twice", "affinity decides")]
    [InlineData("clustermesh.io/cluster-weights=x=1", "cluster \"x\" is not connected", "counts as one without backends")]
    [InlineData("clustermesh.io/min-healthy=0%", "\"0%\" is neither a percentage", "failover waits")]
    [InlineData("clustermesh.io/min-healthy=half", "\"half\" is neither a percentage", "failover waits")]
    [InlineData("clustermesh.io/min-healthy=50%", "need affinity local or remote", "no effect")]
    [InlineData("clustermesh.io/cluster-wieghts=w=1", "is not honoured on a Service", "ignored")]
    [InlineData("service.cilium.io/lb-algorithm=maglev", "is not honoured on a Service", "ignored")]
    [InlineData("clustermesh.io/load-balance=ewma", "\"ewma\" is not p2c, round_robin or random", "power of two choices")]
    [InlineData("clustermesh.io/health-check-path=health", "\"health\" is not a path", "not probed")]
    public void Merge_BadAnnotation_IsReportedAndTheServiceWorks(string annotation, string reason, string instead)
    {
        var merged = Merge(Cluster("w", Service($"{Global}=true {annotation}"), Slice("http", 8080, "10.1.0.1")));
        var problem = Assert.Single(merged.Problems);
        Assert.Equal("Service default/web", problem.Subject);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(instead, problem.Instead, StringComparison.Ordinal);
        Assert.Single(merged.Services[s_key].Ports[0].Backends);
    }

    [Fact]
    public void Merge_OwnKeysWithoutGlobal_SaysTheyNeedIt()
    {
        var problem = Assert.Single(Merge(Cluster("w", Service("clustermesh.io/min-healthy=50%"))).Problems);
        Assert.Equal(Global, problem.Field);
        Assert.Contains("need a global service", problem.Reason, StringComparison.Ordinal);
    }

    private static string[] Authorities(MergedServices merged) => [.. merged.Services[s_key].Ports[0].Backends.Select(backend => backend.Authority)];

    private static MergedServices Merge(params ClusterObjects[] clusters) => Merge(new ServiceMerger("w"), clusters);

    private static MergedServices Merge(ServiceMerger merger, params ClusterObjects[] clusters) => merger.Merge(
        clusters[0], clusters.Skip(1).Select(cluster => new SharedServices().Of(cluster)).ToImmutableSortedDictionary(remote => remote.Cluster, remote => remote, StringComparer.Ordinal));

    private static ClusterObjects Cluster(string name, ServiceObject? service, params EndpointSliceObject[] slices) => new(name)
    {
        Services = service is null ? new Dictionary<ObjectKey, ServiceObject>() : new Dictionary<ObjectKey, ServiceObject> { [service.Key] = service },
        Slices = slices.ToLookup(slice => slice.Service),
    };

    private static ServiceObject Service(string annotations, string port = "http")
    {
        var pairs = annotations.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(text => text[..text.IndexOf('=')], text => text[(text.IndexOf('=') + 1)..]);
        return new(new(s_key, ObjectMeta.None, pairs), [new(port, 80)], "10.96.0.1");
    }

    private static EndpointSliceObject Slice(string port, int number, params string[] addresses) =>
        new(new(new("default", "web-1")), "web", "IPv4", [.. addresses.Select(address => new Endpoint([address]))], [new(port, number)]);
}
