using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;
using ClusterMesh.Mesh.Tests.Policy;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Mesh.Tests.Wire;

/// <summary>A hub, a Unix socket and a client.</summary>
public sealed class PolicyStreamTests : IAsyncLifetime
{
    private static readonly string s_policy = Yaml.Cilium(Yaml.Web(
        "ingress: [{fromEndpoints: [{matchLabels: {app: client}}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{method: GET, path: \"/a.*\", headers: [X-A], headerMatches: [{name: x-b, value: c, mismatch: ADD}]}]}}]}]"));

    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-policies-").FullName;
    private readonly PolicyWorld _world = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PolicyHub _hub = new();
    private WebApplication? _server;
    private Task? _running;
    private volatile NodePolicies? _got;

    private string Socket => Path.Combine(_directory, "agent.sock");

    public Task InitializeAsync() => ServeAsync(_hub);

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is { } running) await running;
        await _server!.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Stream_Everything_ArrivesAsItIs()
    {
        _world.With(s_policy);
        var sent = Told();
        _hub.Apply(sent);
        using var client = Follow();
        await GotAsync(_ => true);

        Assert.Equal(sent.Endpoints.Count, _got!.Endpoints.Count);
        foreach (var endpoint in sent.Endpoints)
        {
            var got = _got.Find(endpoint.Id)!;
            Assert.Equal((endpoint.Address, endpoint.Pod, endpoint.Identity), (got.Address, got.Pod, got.Identity));
            AssertSame(endpoint.Policy, got.Policy);
            Assert.Same(got, _got.FindByAddress(endpoint.Address));
            Assert.Same(got, _got.FindByPod(endpoint.Pod));
        }

        AssertSame(sent.Gateway!, _got.Gateway!);
        Assert.Contains(_got.Endpoints, endpoint => endpoint.Policy.Ingress.Entries.Any(entry => entry.Http is { Edit: true }));
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task Stream_DrawnChanges_ClientFollows()
    {
        using var client = Follow();
        var draw = new Policy.Drawn.PolicyDraw(new Random(5));
        for (var round = 0; round < 30; round++)
        {
            _world.With(Policy.Drawn.DrawnYaml.Of(draw.Policies()));
            // Some endpoints go, some come, one is another pod.
            var sent = Told(endpoint => (endpoint + round) % 4 != 0, $"{round / 3}");
            _hub.Apply(sent);
            await GotAsync(got => got.Endpoints.Count == sent.Endpoints.Count && sent.Endpoints.All(one => got.Find(one.Id) is { } other && other.Pod == one.Pod && Text(one.Policy) == Text(other.Policy)) && Text(got.Gateway!) == Text(sent.Gateway!));
        }
    }

    [Fact]
    public void Updates_OneIdentityComes_OnlyItsRowsAreTold()
    {
        _world.With(s_policy);
        var sender = new PolicySender("west");
        Assert.True(Assert.Single(sender.Updates(Told())) is { Full: true, Last: true });

        _world.Repository.ChangeIdentities([new PolicyIdentity(5000, "k8s:app=client;k8s:io.cilium.k8s.policy.cluster=west;k8s:io.kubernetes.pod.namespace=default;")], []);
        var update = Assert.Single(sender.Updates(Told()));

        var part = Assert.Single(update.Policies);
        Assert.Equal([5000u], part.Identities);
        Assert.Empty(update.Endpoints);
        Assert.False(update.Full);
    }

    /// <summary>Of endpoints with one subject the kernel may have taken the new policy of one and not of the other.</summary>
    [Theory]
    [InlineData(false), InlineData(true)]
    public void Updates_EqualSubjectsWithDifferentPolicies_EachIsToldItsOwn(bool failedFirst)
    {
        _world.With(s_policy);
        var old = _world.PolicyOf("web");
        _world.With("");
        var now = _world.PolicyOf("web");
        var (sender, receiver) = (new PolicySender("west"), new PolicyReceiver("west"));
        NodePolicies Of(params EndpointPolicy[] policies) =>
            new(policies.Select((policy, at) => new NodeEndpoint((uint)at + 1, new IPAddress([10, 1, 0, (byte)at]), new ObjectKey("default", $"web-{at}"), 70000, "web", policy)), null);

        foreach (var told in new[] { Of(old, old), failedFirst ? Of(old, now) : Of(now, old), Of(now, now), Of(old, now), Of(now, old), Of(old, old) })
        {
            var got = sender.Updates(told).Select(receiver.Take).Last()!;
            Assert.All(told.Endpoints, endpoint => AssertSame(endpoint.Policy, got.Find(endpoint.Id)!.Policy));
        }

        // No more numbers are in use than there are policies.
        Assert.Single(sender.Updates(Of(now, old))[^1].Endpoints);
        Assert.Single(sender.Updates(Of(old, old))[^1].RemovedPolicies);
    }

    [Fact]
    public void Updates_ManyPeers_AreInMessagesOfBoundedSize()
    {
        _world.With(string.Concat(Enumerable.Range(0, 20).Select(number => Yaml.Cilium(Yaml.Web($"ingress: [{{fromEntities: [cluster], toPorts: [{{ports: [{{port: \"{number + 1}\", protocol: TCP}}], rules: {{http: [{{path: \"/{new string('a', 1000)}\"}}]}}}}]}}]"), $"p{number}"))));
        _world.Repository.ChangeIdentities(Enumerable.Range(5000, 2000).Select(id => new PolicyIdentity((uint)id, $"k8s:app=a{id};k8s:io.cilium.k8s.policy.cluster=west;k8s:io.kubernetes.pod.namespace=default;")), []);
        var updates = new PolicySender("west").Updates(Told());

        Assert.All(updates, update => Assert.InRange(update.CalculateSize(), 0, 2 * 1024 * 1024));
        Assert.True(updates[^1].Last);
        var receiver = new PolicyReceiver("west");
        var got = updates.Select(receiver.Take).ToList();
        Assert.All(got.SkipLast(1), Assert.Null);
        AssertSame(_world.PolicyOf("web"), got[^1]!.Find(WebId)!.Policy);
    }

    [Fact]
    public void Take_BrokenRun_ChangesNothing()
    {
        _world.With(s_policy);
        var receiver = new PolicyReceiver("west");
        var first = receiver.Take(new PolicySender("west").Updates(Told())[0])!;
        receiver.Take(new() { LocalCluster = "west", Full = true });
        receiver.Restart();

        Assert.Equal(first.Endpoints.Count, receiver.Take(new() { LocalCluster = "west", Last = true })!.Endpoints.Count);
    }

    [Fact]
    public void Take_WhatCannotBeUsed_IsRefusedWhole()
    {
        _world.With(s_policy);
        var receiver = new PolicyReceiver("west");
        Refused("the agent is of cluster", new() { LocalCluster = "east", Last = true });
        Refused("which was not told", new() { LocalCluster = "west", Last = true, Endpoints = { new Mesh.Wire.Protos.NodeEndpoint { Id = 1, Policy = 9, Address = Google.Protobuf.ByteString.CopyFrom(10, 1, 0, 2) } } });
        var bad = new PolicySender("west").Updates(Told())[0];
        foreach (var row in bad.Policies.SelectMany(part => part.Rows).Where(row => row.Http.Count > 0)) row.Http[0].Rule.Path = "(";
        Refused("is not a regular expression", bad);
        Assert.Empty(receiver.Take(new() { LocalCluster = "west", Last = true })!.Endpoints);

        void Refused(string why, Mesh.Wire.Protos.PoliciesUpdate update)
        {
            Assert.Contains(why, Assert.Throws<WireException>(() => receiver.Take(update)).Message, StringComparison.Ordinal);
            receiver.Restart();
        }
    }

    [Fact]
    public async Task Stream_AnotherAgent_IsFollowedWholeAndMeanwhileTheLastStays()
    {
        _world.With(s_policy);
        _hub.Apply(Told());
        using var client = Follow();
        await GotAsync(_ => true);
        await _server!.DisposeAsync();
        await Eventually.TrueAsync(() => client.LastError is not null, "the agent is missed");
        Assert.Equal(5, _got!.Endpoints.Count);

        _world.With("");
        var another = new PolicyHub();
        await ServeAsync(another);
        another.Apply(Told(id => id == WebId));
        await GotAsync(got => got.Endpoints.Count == 1);
        Assert.Equal(1, client.Reconnections);
        Assert.False(_got!.Find(WebId)!.Policy.Ingress.DefaultDeny);
    }

    [Fact]
    public void Apply_TheSame_TellsNothing()
    {
        _world.With(s_policy);
        _hub.Apply(Told());
        var before = _hub.Current;
        _hub.Apply(Told());
        Assert.Same(before, _hub.Current);
    }

    private uint WebId => _world.Pods.First(pod => pod.Name == "web").Endpoint.Id;

    private NodePolicies Told(Func<uint, bool>? there = null, string suffix = "") => new(
        _world.Pods.Where(pod => pod.IsLocal && there?.Invoke(pod.Endpoint.Id) != false).Select(pod => new NodeEndpoint(
            pod.Endpoint.Id, new IPAddress([10, 1, 0, (byte)pod.Endpoint.Id]), new ObjectKey(pod.Space, pod.Name + suffix), pod.Identity.Id, pod.Endpoint.Subject, _world.Repository.Endpoints[pod.Endpoint.Id])),
        _world.PolicyOf("cart"));

    private static void AssertSame(EndpointPolicy expected, EndpointPolicy actual)
    {
        foreach (var direction in Enum.GetValues<PolicyDirection>())
        {
            var (one, other) = (expected.Of(direction), actual.Of(direction));
            Assert.Equal((one.Direction, one.DefaultDeny, expected.Judges(direction)), (other.Direction, other.DefaultDeny, actual.Judges(direction)));
            Assert.Equal(one.IsolatedBy.ToArray(), other.IsolatedBy.ToArray());
            Assert.Equal(one.Rows.Keys.Order(), other.Rows.Keys.Order());
            foreach (var (identity, rows) in one.Rows) Assert.Equal(rows.ToArray(), other.Rows[identity].ToArray());
        }
    }

    private static string Text(EndpointPolicy policy) => string.Join('\n', policy.Entries.Select(entry => entry.ToString()).Order(StringComparer.Ordinal)) + policy.Ingress.DefaultDeny + policy.Egress.DefaultDeny;

    private PolicyClient Follow()
    {
        var client = new PolicyClient(Socket, "west", TimeProvider.System);
        _running = client.RunAsync(policies => _got = policies, exception => Assert.Fail(exception.Message), _ => { }, _stop.Token);
        return client;
    }

    private Task GotAsync(Func<NodePolicies, bool> holds) => Eventually.TrueAsync(() => _got is { } got && holds(got), "the client has it");

    private async Task ServeAsync(PolicyHub hub)
    {
        File.Delete(Socket);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.MapPolicies(hub, "west");
        await _server.StartAsync();
    }
}
