using System.Collections.Immutable;
using ClusterMesh.Agent.Datapath.Identities;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Sources;
using static ClusterMesh.Agent.Tests.Datapath.Scene;

namespace ClusterMesh.Agent.Tests.Datapath;

public sealed class IdentitiesTests
{
    private static readonly ImmutableDictionary<uint, string> s_none = ImmutableDictionary<uint, string>.Empty;
    private static readonly Dictionary<string, ImmutableArray<ContainerPort>> s_used = new() { ["a;"] = [new("http", 80)] };

    [Fact]
    public void Own_ThatEtcdLostWhilePodsHaveThem_Stay()
    {
        var own = new OwnIdentities();
        Assert.Equal([(0x10100u, 1), (0x10101u, 0)], own.Update(s_none.Add(0x10100, "a;").Add(0x10101, "b;"), s_used)!.Set.Select(identity => (identity.Id, identity.Ports.Length)).Order());
        var lost = own.Update(s_none, s_used)!;
        Assert.Empty(lost.Set);
        Assert.Equal([0x10101u], lost.Removed.ToArray());
        Assert.Equal((0x10100u, null), (own.NumberOf("a;"), own.NumberOf("b;")));
        // Given anew, with another number.
        Assert.Equal([0x10100u], own.Update(s_none.Add(0x10102, "a;"), s_used)!.Removed.ToArray());
        Assert.Equal(0x10102u, own.NumberOf("a;"));
    }

    [Fact]
    public void Own_TheSameAgain_ChangesNothing()
    {
        var own = new OwnIdentities();
        var told = s_none.Add(0x10100, "a;");
        own.Update(told, s_used);
        Assert.Null(own.Update(told, s_used));
        Assert.Empty(own.Update(told.SetItem(0x10101, "b;").Remove(0x10101), new Dictionary<string, ImmutableArray<ContainerPort>>(s_used))!.Set);
    }

    [Fact]
    public void Own_TwoNumbersForTheSameLabels_TheLowerIsGiven()
    {
        var own = new OwnIdentities();
        own.Update(s_none.Add(0x10105, "a;").Add(0x10101, "a;"), s_used);
        Assert.Equal(0x10101u, own.NumberOf("a;"));
        Assert.Equal("a;", own.LabelsOf(0x10105));
    }

    [Fact]
    public void Resolver_WhoWasSomebody_StaysUntilItIsKnownWhomItBecame()
    {
        var resolver = new EndpointResolver();
        var endpoints = EndpointState.Empty.With(Endpoint("a", "10.1.1.2")).Endpoints;
        Assert.Equal((0u, ResolvedEndpoint.Starting), Resolve([]));
        Assert.Equal((0u, ResolvedEndpoint.Starting), Resolve([Pod("unnumbered")]));
        var known = Resolve([Pod("x")]);
        Assert.Equal(0x10100u, known.Identity);
        Assert.Contains("k8s:app=x;", known.Labels, StringComparison.Ordinal);
        Assert.Equal(known, Resolve([Pod("unnumbered")]));
        Assert.Equal(known, Resolve([]));
        // Another pod of that name.
        endpoints = EndpointState.Empty.With(Endpoint("a", "10.1.1.2", 2)).Endpoints;
        Assert.Equal((0u, ResolvedEndpoint.Starting), Resolve([]));

        (uint Identity, string Labels) Resolve(PodObject[] objects)
        {
            var pods = new ClusterPods("west", "n1");
            pods.Update(new("west") { Pods = objects }, endpoints);
            var one = Assert.Single(resolver.Resolve(endpoints, pods, labels => labels.Contains("app=x;", StringComparison.Ordinal) ? 0x10100u : null)).Value;
            return (one.Identity, one.Labels);
        }

        static PodObject Pod(string app) => new(new(new("default", "a"), new Dictionary<string, string> { ["app"] = app }, ObjectMeta.None), "n1", []);
    }

    [Fact]
    public void Kernel_OfACompiledEntry_HasItsKeyAndComesBack()
    {
        var entry = new Mesh.Policy.Entries.PolicyEntry(new(PolicyDirection.Egress, 0x10100, new(IpProtocol.Tcp, 8000, 18)), true, PolicyPrecedence.Deny, RuleOrigin.NotIsolated);
        var (key, value) = KernelPolicy.Of(entry);
        Assert.Equal((58u, 0x10100u, Direction.Egress, (byte)6, (ushort)8000), (key.Length, key.Identity, key.Egress, key.Protocol, key.Port.Value));
        Assert.Equal((1, 18, PolicyPrecedence.Deny), (value.Deny, value.PrefixLength, value.Precedence));
        Assert.Equal("8000-8063/TCP", KernelPolicy.Ports(key).ToString());
        Assert.Equal("any", KernelPolicy.Ports(new() { Length = 40 }).ToString());
    }

    [Fact]
    public void Kernel_OfAnEndpoint_IsJudgedOnlyWhereSomethingMayBeRefused()
    {
        var repository = new PolicyRepository("west");
        repository.SetEndpoints([new(1, "k8s:app=a;", []), new(2, ResolvedEndpoint.Starting, [])]);
        Assert.Equal((EndpointFlags)0, KernelPolicy.Flags(repository.Endpoints[1]));
        Assert.Equal(EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy, KernelPolicy.Flags(repository.Endpoints[2]));
    }
}
