using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Wire;

namespace ClusterMesh.Mesh.Tests.Wire;

/// <summary>A writer whose own cluster and one remote are edited step by step; what it builds goes to a hub.</summary>
internal sealed class MeshSteps : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MeshWriter _writer;
    private readonly Task _running;
    private readonly Dictionary<ObjectKey, RemoteService> _remote = [];

    public MeshSteps()
    {
        _writer = new("west", Hub.Apply);
        _writer.Start(Own);
        _running = _writer.RunAsync(static exception => throw exception, _stop.Token);
    }

    public SnapshotHub Hub { get; } = new();

    public ClusterObjects Own { get; private set; } = new("west");

    public MeshSnapshot Now => Hub.Current!;

    public static ObjectKey Key(string name) => new("default", name);

    public static IngressObject Ingress(string name, string service) => new(
        new(Key(name)), "clustermesh", null, [new(["a.example"], "cert")],
        [new("a.example", [new("/", IngressPathType.Prefix, new(service, PortName: "http")), new("/x", IngressPathType.Exact, new(service, PortNumber: 80))]), new(null, [])]);

    public static SecretObject Secret(string name, string type = SecretObject.TlsType) => new(new(Key(name)), type, new Dictionary<string, byte[]> { ["tls.crt"] = [1, 2], ["tls.key"] = [3] });

    /// <summary>A global Service of the own cluster.</summary>
    public void Service(string name, string affinity = "local") => Edit(own => own with
    {
        Services = new Dictionary<ObjectKey, ServiceObject>(own.Services) { [Key(name)] = ServiceOf(name, affinity) },
    });

    public void NoService(string name) => Edit(own => own with { Services = own.Services.Where(service => service.Key != Key(name)).ToDictionary() });

    public void Edit(Func<ClusterObjects, ClusterObjects> edit) => _writer.Publish(Own = edit(Own));

    /// <summary>What east shares: one port, these addresses.</summary>
    public void Remote(string name, params string[] addresses)
    {
        _remote[Key(name)] = new(Key(name), [new("http", "TCP", [.. addresses.Select(address => new Backend("east", address, 8080))])]);
        _writer.Publish(new RemoteObjects("east", new(RemotePhase.Ready, DateTimeOffset.UnixEpoch) { Confirmed = true }) { Services = [.. _remote], OldestChange = TimeProvider.System.GetTimestamp() });
    }

    public void NoRemote() => _writer.Remove("east");

    public void Report(params Problem[] problems) => _writer.Report([.. problems]);

    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_running).AsyncWaitHandle.WaitOne();
        _stop.Dispose();
    }

    private static ServiceObject ServiceOf(string name, string affinity) => new(
        new(Key(name), ObjectMeta.None, new Dictionary<string, string> { ["service.cilium.io/global"] = "true", ["service.cilium.io/affinity"] = affinity }, DateTimeOffset.UnixEpoch.AddDays(1)),
        [new("http", 80, "TCP", "http"), new("metrics", 9090)], "10.96.0.1");
}
