using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Mesh.Tests.Policy;

/// <summary>Changes come one by one, and what comes out is no more than what they change.</summary>
public sealed class PolicyRepositoryTests
{
    private static readonly string s_fromClients = Yaml.Cilium(Yaml.Web("ingress: [{fromEndpoints: [{matchLabels: {app: client}}]}]"));

    private readonly PolicyWorld _world = new();

    private PolicyRepository Repository => _world.Repository;

    [Fact]
    public void ChangeIdentities_SelectedOneComes_AddsItsRowsOnly()
    {
        _world.With(s_fromClients);

        var (endpoint, (come, gone)) = Assert.Single(Changes(() => Repository.ChangeIdentities([New(5000, "client")], [])));

        Assert.Equal(_world.Pods.First(pod => pod.Name == "web").Endpoint.Id, endpoint);
        Assert.Empty(gone);
        Assert.Equal(new PolicyKey(PolicyDirection.Ingress, 5000, PortPrefix.Everything), Assert.Single(come).Key);
    }

    [Fact]
    public void ChangeIdentities_OneThatNobodySelects_ChangesNothingAtAll()
    {
        _world.With(s_fromClients);
        var before = Repository.Endpoints;

        Repository.ChangeIdentities([New(5000, "other")], []);
        Assert.All(before, pair => Assert.Same(pair.Value, Repository.Endpoints[pair.Key]));
    }

    [Fact]
    public void ChangeIdentities_SelectedOneGoes_DeletesItsRows()
    {
        _world.With(s_fromClients);
        Repository.ChangeIdentities([New(5000, "client")], []);

        var (come, gone) = Assert.Single(Changes(() => Repository.ChangeIdentities([], [5000]))).Value;
        Assert.Equal(5000u, Assert.Single(gone).Key.Identity);
        Assert.Empty(come);
    }

    [Fact]
    public void ChangeIdentities_SameAgain_ChangesNoEntry()
    {
        _world.With(s_fromClients);
        Repository.ChangeIdentities([New(5000, "client")], []);

        Assert.Empty(Changes(() => Repository.ChangeIdentities([New(5000, "client")], [])));
    }

    [Fact]
    public void ChangeIdentities_NamedPortMoves_ReplacesTheRow()
    {
        _world.With(Yaml.Cilium(Yaml.Web("egress: [{toPorts: [{ports: [{port: http, protocol: TCP}]}]}]")));
        Repository.ChangeIdentities([New(5000, "other") with { Ports = [new ContainerPort("http", 80)] }], []);

        var (come, gone) = Assert.Single(Changes(() => Repository.ChangeIdentities([New(5000, "other") with { Ports = [new ContainerPort("http", 81)] }], []))).Value;
        Assert.Equal("81/TCP", Assert.Single(come).Key.Ports.ToString());
        Assert.Equal("80/TCP", Assert.Single(gone).Key.Ports.ToString());
    }

    [Theory]
    [InlineData(NumericTold.Reserved)]
    [InlineData(NumericTold.Cidr)]
    public void ChangeIdentities_NumbersThatNobodyMayTell_AreIgnored(uint id)
    {
        _world.With(Yaml.Cilium(Yaml.Web("ingress: [{fromEndpoints: [{matchLabels: {app: client}}]}, {fromEntities: [world]}, {fromCIDR: [10.0.0.0/8]}]")));

        Assert.Empty(Changes(() => Repository.ChangeIdentities([New(id, "client")], [])));
        Assert.Empty(Changes(() => Repository.ChangeIdentities([], [id])));
        Assert.True(_world.Ingress("world", "web").Allowed);
        Assert.True(_world.Ingress("10.0.0.1", "web").Allowed);
    }

    [Fact]
    public void SetPolicies_OnlyTheSelectedEndpointsChange()
    {
        var changes = Changes(() => _world.With(s_fromClients));

        Assert.Equal(_world.Pods.First(pod => pod.Name == "web").Endpoint.Id, Assert.Single(changes).Key);
    }

    [Fact]
    public void SetPolicies_Cidrs_NumbersStayAndAreNotGivenAgainSoon()
    {
        var update = _world.Update(Yaml.Cilium(Yaml.Web("ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}]")));
        Assert.Equal(2, update.NewCidrs.Count);
        var (ten, one) = (update.NewCidrs[IPNetwork.Parse("10.0.0.0/8")], update.NewCidrs[IPNetwork.Parse("10.1.0.0/16")]);
        Assert.All([ten, one], id => Assert.InRange(id, CidrIdentities.First, CidrIdentities.Last));

        update = _world.Update(Yaml.Cilium(Yaml.Web("ingress: [{fromCIDR: [10.0.0.0/8, 10.2.0.0/16]}]")));
        Assert.Equal(one, Assert.Single(update.OldCidrs).Value);
        var two = Assert.Single(update.NewCidrs).Value;
        Assert.True(two != ten && two != one);
        Assert.Equal(ten, Repository.Cidrs.Of(IPAddress.Parse("10.1.0.1")));
        Assert.Equal(two, Repository.Cidrs.Of(IPAddress.Parse("10.2.0.1")));
    }

    [Fact]
    public void SetPolicies_NarrowerCidrElsewhere_IsAllowedByTheWiderOneToo()
    {
        var wide = Yaml.Cilium(Yaml.Web("ingress: [{fromCIDR: [10.0.0.0/8]}]"));
        _world.With(wide);

        _world.With(wide + Yaml.Cilium("{endpointSelector: {matchLabels: {app: db}}, ingress: [{fromCIDR: [10.1.0.0/16]}]}", "q"));
        Assert.True(_world.Ingress("10.1.0.1", "web").Allowed);
        Assert.True(_world.Ingress("10.1.0.1", "db").Allowed);
        Assert.False(_world.Ingress("10.2.0.1", "db").Allowed);
    }

    [Fact]
    public void SetEndpoints_SameLabelsAndPorts_ShareOnePolicy()
    {
        var web = _world.Pods.First(pod => pod.Name == "web").Endpoint;
        _world.With(s_fromClients);

        var changes = Changes(() => Repository.SetEndpoints([web, web with { Id = 77 }]));
        Assert.Same(Repository.Endpoints[web.Id], Repository.Endpoints[77]);
        Assert.Equal(77u, Assert.Single(changes).Key);
        Assert.Equal(2, Repository.Endpoints.Count);
    }

    [Fact]
    public void SetEndpoints_OneWithoutIdentityYet_IsIsolatedBothWays()
    {
        Repository.SetEndpoints([new PolicyEndpoint(9, "reserved:init=;", [])]);

        var policy = Repository.Endpoints[9];
        Assert.False(policy.Decide(PolicyDirection.Ingress, _world.IdOf("client"), IpProtocol.Tcp, 80).Allowed);
        Assert.False(policy.Decide(PolicyDirection.Egress, _world.IdOf("client"), IpProtocol.Tcp, 80).Allowed);
        Assert.True(policy.Decide(PolicyDirection.Ingress, _world.IdOf("host"), IpProtocol.Tcp, 80).Allowed);

        _world.With(Yaml.Clusterwide("{endpointSelector: {matchLabels: {\"reserved:init\": \"\"}}, egress: [{toEntities: [world]}]}"));
        Assert.True(Repository.Endpoints[9].Decide(PolicyDirection.Egress, _world.IdOf("world"), IpProtocol.Tcp, 80).Allowed);
    }

    /// <summary>Entries that came or were changed, and that went or were as they are no more, by endpoint; only where there are any.</summary>
    private Dictionary<uint, (PolicyEntry[] Come, PolicyEntry[] Gone)> Changes(Action change)
    {
        var before = Repository.Endpoints;
        change();
        PolicyEntry[] Entries(uint id) => [.. before.GetValueOrDefault(id)?.Entries ?? []];
        return Repository.Endpoints.Select(pair => (pair.Key, Come: pair.Value.Entries.Except(Entries(pair.Key)).ToArray(), Gone: Entries(pair.Key).Except(pair.Value.Entries).ToArray()))
            .Where(one => one.Come.Length + one.Gone.Length > 0).ToDictionary(one => one.Key, one => (one.Come, one.Gone));
    }

    private static PolicyIdentity New(uint id, string app) =>
        new(id, $"k8s:app={app};k8s:io.cilium.k8s.policy.cluster=west;k8s:io.kubernetes.pod.namespace=default;");

    private static class NumericTold
    {
        public const uint Reserved = 2, Cidr = CidrIdentities.First;
    }
}
