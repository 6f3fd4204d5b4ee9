using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Mesh.Tests.Wire;

public sealed class SnapshotStreamTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-wire-").FullName;
    private readonly MeshSteps _mesh = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string?> _connection = [];
    private WebApplication? _server;
    private volatile MeshSnapshot? _got;

    private string Socket => Path.Combine(_directory, "agent.sock");

    public Task InitializeAsync() => ServeAsync(_mesh);

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server!.DisposeAsync();
        _mesh.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Stream_Everything_ArrivesAsItIs()
    {
        _mesh.Service("web");
        _mesh.Remote("web", "10.2.0.1", "10.2.0.2");
        _mesh.Edit(own => own with
        {
            Ingresses = [MeshSteps.Ingress("web", "web")],
            IngressClasses = [new(new(new("", "clustermesh")), "clustermesh.io/ingress-controller")],
            Secrets = new[] { MeshSteps.Secret("cert"), MeshSteps.Secret("password", "Opaque") }.ToDictionary(secret => secret.Key),
        });
        var problem = new Problem("west", "Service default/web", "spec", "is odd", "nothing happens", "web.yaml");
        _mesh.Report(problem);
        Follow();
        await GotAsync(now => now.Problems.Length == 1 && now.Services.Count == 1 && now.Local.Ingresses.Count == 1);

        var (sent, got) = (_mesh.Now, _got!);
        var (before, after) = (sent.Services[MeshSteps.Key("web")], got.Services[MeshSteps.Key("web")]);
        Assert.Equal(before.Ports.Select(port => port.Port), after.Ports.Select(port => port.Port));
        Assert.Equal<Backend>(before.Ports[0].Backends, after.Ports[0].Backends);
        Assert.Equal((Affinity.Local, true), (after.Mode.Affinity, after.Mode.Global));
        Assert.Equal(["10.2.0.1:8080", "10.2.0.2:8080"], after.Ports[0].Backends.Select(backend => backend.Authority));
        Assert.Empty(after.Ports[1].Backends);
        Assert.Equal(before.Object.Meta.CreationTimestamp, after.Object.Meta.CreationTimestamp);
        Assert.Equal(problem, Assert.Single(got.Problems));
        Assert.Equal(["east", "west"], got.Clusters.Keys);
        Assert.Equivalent(sent.Local.Ingresses[0], got.Local.Ingresses[0], strict: true);
        Assert.Equivalent(sent.Local.IngressClasses[0], got.Local.IngressClasses[0], strict: true);
        var certificate = Assert.Single(got.Local.Secrets.Values);
        Assert.Equal((MeshSteps.Key("cert"), "kubernetes.io/tls"), (certificate.Key, certificate.Type));
        Assert.Equal([3], certificate.Values["tls.key"]);
    }

    [Theory]
    [InlineData(Follower.Node, 1, 0)]
    [InlineData(Follower.Edge, 0, 1)]
    [InlineData(Follower.Edge | Follower.Node, 1, 1)]
    public async Task Stream_Routes_GoToNodesAndIngressesToTheEdge(Follower follower, int routes, int ingresses)
    {
        _mesh.Edit(own => own with { Ingresses = [MeshSteps.Ingress("web", "web")], HttpRoutes = [RouteSamples.Whole], ReferenceGrants = [RouteSamples.Grant] });
        Follow(follower: follower);
        await GotAsync(now => now.Local.HttpRoutes.Count == routes && now.Local.Ingresses.Count == ingresses);
        Assert.Equal(routes, _got!.Local.ReferenceGrants.Count);
        if (routes == 0) return;
        Assert.Equivalent(_mesh.Now.Local.HttpRoutes[0], _got.Local.HttpRoutes[0], strict: true);
        Assert.Equivalent(_mesh.Now.Local.ReferenceGrants[0], _got.Local.ReferenceGrants[0], strict: true);
        _mesh.Edit(own => own with { HttpRoutes = [], ReferenceGrants = [] });
        await GotAsync(now => now.Local.HttpRoutes.Count == 0 && now.Local.ReferenceGrants.Count == 0);
    }

    [Fact]
    public async Task Stream_OneBackendChanges_OnlyThatServiceIsAnotherValue()
    {
        _mesh.Service("web");
        _mesh.Service("api");
        _mesh.Remote("web", "10.2.0.1", "10.2.0.2");
        _mesh.Remote("api", "10.2.1.1");
        Follow();
        await GotAsync(now => Backends(now, "web") == "10.2.0.1 10.2.0.2" && Backends(now, "api") == "10.2.1.1");
        var before = _got!;
        _mesh.Remote("web", "10.2.0.2", "10.2.0.3");
        await GotAsync(now => Backends(now, "web") == "10.2.0.2 10.2.0.3");
        var after = _got!;

        Assert.Equal<ObjectKey>([MeshSteps.Key("web")], after.Changed);
        Assert.Same(before.Services[MeshSteps.Key("api")], after.Services[MeshSteps.Key("api")]);
        Assert.Same(before.Services[MeshSteps.Key("web")].Object, after.Services[MeshSteps.Key("web")].Object);
        Assert.Same(before.Services[MeshSteps.Key("web")].Ports[0].Backends[1], after.Services[MeshSteps.Key("web")].Ports[0].Backends[0]);
        Assert.Same(before.Local, after.Local);
        Assert.True(after.OldestChange > 0);
    }

    [Fact]
    public async Task Stream_ThingsComeAndGo_TheFollowerEndsWhereTheAgentIs()
    {
        Follow();
        for (var round = 0; round < 20; round++)
        {
            _mesh.Service($"s{round % 7}", round % 2 == 0 ? "local" : "remote");
            _mesh.Remote($"s{round % 5}", $"10.2.0.{round}");
            if (round % 3 == 0) _mesh.NoService($"s{round % 4}");
            if (round % 6 == 5) _mesh.NoRemote();
        }

        _mesh.Report(new Problem("west", "the", "last", "one", ""));
        await GotAsync(now => now.Problems.Length == 1);
        Assert.Equal(Describe(_mesh.Now), Describe(_got!));
        Assert.Equal(_mesh.Now.Clusters.Keys, _got!.Clusters.Keys);
    }

    [Fact]
    public async Task Stream_AgentRestarts_NothingIsLostAndEqualValuesStay()
    {
        _mesh.Service("web");
        _mesh.Remote("web", "10.2.0.1");
        _mesh.Service("old");
        Follow();
        await GotAsync(now => Backends(now, "web") == "10.2.0.1" && now.Services.Count == 2);
        var before = _got!;
        await _server!.DisposeAsync();
        await Eventually.TrueAsync(() => LastConnection() is not null, "the loss is told");
        Assert.Same(before, _got);

        using var next = new MeshSteps();
        next.Service("web");
        next.Remote("web", "10.2.0.1");
        next.Service("new");
        await Eventually.TrueAsync(() => next.Now.Services.Count == 2 && Backends(next.Now, "web") == "10.2.0.1", "the next agent is ready");
        await ServeAsync(next);
        await GotAsync(now => now.Services.ContainsKey(MeshSteps.Key("new")));

        Assert.Same(before.Services[MeshSteps.Key("web")].Object, _got!.Services[MeshSteps.Key("web")].Object);
        Assert.Equal(["new", "web"], _got.Services.Keys.Select(key => key.Name).Order());
        Assert.Equal(["new", "old", "web"], _got.Changed.Select(key => key.Name).Append("web").Distinct().Order());
        Assert.Null(LastConnection());
    }

    [Fact]
    public async Task Restore_AfterAnEarlierLife_HasItsLastSnapshotForItsOwnerAlone()
    {
        _mesh.Service("web");
        _mesh.Remote("web", "10.2.0.1");
        _mesh.Edit(own => own with { Secrets = new[] { MeshSteps.Secret("cert") }.ToDictionary(secret => secret.Key) });
        await using (var file = new SnapshotFile(_directory, Follower.Edge, TimeProvider.System, Assert.Fail))
        {
            Follow(file);
            await GotAsync(now => Backends(now, "web") == "10.2.0.1" && now.Local.Secrets.Count == 1);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "snapshot")));
        await using var again = new SnapshotFile(_directory, Follower.Edge, TimeProvider.System, Assert.Fail);
        using var client = new SnapshotClient(Path.Combine(_directory, "nobody.sock"), "west", Follower.Edge, again, TimeProvider.System);
        var kept = client.Restore(out var problem);
        Assert.Null(problem);
        Assert.Equal(Describe(_got!), Describe(kept!));
        Assert.Single(kept!.Local.Secrets);
    }

    [Fact]
    public async Task Restore_HalfAFile_SaysSoAndGivesNothing()
    {
        _mesh.Service("web");
        await using (var whole = new SnapshotFile(_directory, Follower.Edge, TimeProvider.System, Assert.Fail))
        {
            Follow(whole);
            await GotAsync(now => now.Services.Count == 1);
        }

        var path = Path.Combine(_directory, "snapshot");
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^20]);
        await using var file = new SnapshotFile(_directory, Follower.Edge, TimeProvider.System, Assert.Fail);
        using var client = new SnapshotClient(Socket, "west", Follower.Edge, file, TimeProvider.System);
        Assert.Null(client.Restore(out var problem));
        Assert.Contains("it is not used", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_OfAnotherCluster_IsRefusedWithBothNames()
    {
        using var client = new SnapshotClient(Socket, "north", Follower.Edge, null, TimeProvider.System);
        _ = client.RunAsync(snapshot => _got = snapshot, static _ => { }, static _ => { }, _stop.Token);
        await Eventually.TrueAsync(() => client.LastError is not null, "it is refused");
        Assert.Equal("the agent is of cluster \"west\", not of \"north\"", client.LastError);
        Assert.Null(_got);
    }

    private async Task ServeAsync(MeshSteps mesh)
    {
        File.Delete(Socket);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.MapSnapshots(mesh.Hub, TimeProvider.System);
        await _server.StartAsync();
    }

    private void Follow(SnapshotFile? file = null, Follower follower = Follower.Edge)
    {
        var client = new SnapshotClient(Socket, "west", follower, file, TimeProvider.System);
        _ = client.RunAsync(snapshot => _got = snapshot, exception => Assert.Fail(exception.ToString()), Told, _stop.Token);
    }

    private void Told(string? lost)
    {
        lock (_connection) _connection.Add(lost);
    }

    private string? LastConnection()
    {
        lock (_connection) return _connection[^1];
    }

    private Task GotAsync(Func<MeshSnapshot, bool> condition) => Eventually.TrueAsync(() => _got is { } now && condition(now), "the snapshot arrives");

    private static string Backends(MeshSnapshot mesh, string name) =>
        mesh.Services.TryGetValue(MeshSteps.Key(name), out var service) ? string.Join(' ', service.Ports[0].Backends.Select(backend => backend.Address)) : "-";

    private static string Describe(MeshSnapshot mesh) => string.Join('\n', mesh.Services.OrderBy(service => service.Key)
        .Select(service => $"{service.Key} {service.Value.Mode.Affinity} {Backends(mesh, service.Key.Name)}"));
}
