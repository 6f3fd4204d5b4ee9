using System.Text;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Mesh.Tests.Scenarios;

/// <summary>One cluster of a scenario: a directory of manifests, a real etcd, and all that an agent does with them, in this process.</summary>
internal sealed class ScenarioCluster : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("clustermesh-scenario-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly DirectorySource _source;
    private readonly MeshWriter _writer;
    private readonly ClusterPublisher _publisher;
    private readonly RemoteClusters _remotes;
    private volatile MeshSnapshot? _latest;

    private ScenarioCluster(string name, int id, EtcdProcess etcd)
    {
        (Name, Etcd) = (name, etcd);
        Directory.CreateDirectory(Manifests);
        Directory.CreateDirectory(RemoteFiles);
        var config = new EtcdConfig([etcd.Endpoint]);
        Client = EtcdClient.Open(config, TimeProvider.System);
        _source = new(name, Manifests, TimeProvider.System);
        _writer = new(name, snapshot => _latest = snapshot);
        _publisher = new(new(name, id, $"{name}-node", [$"172.18.{id}.1"]) { WritesPerSecond = 1000 }, () => EtcdClient.Open(config, TimeProvider.System), TimeProvider.System, NullLogger<ClusterPublisher>.Instance);
        _remotes = new(new(name, id, RemoteFiles) { FirstBackoff = TimeSpan.FromMilliseconds(50), LongestBackoff = TimeSpan.FromSeconds(1) },
            etcd => EtcdClient.Open(etcd, TimeProvider.System), _writer.Publish, _writer.Remove, TimeProvider.System, new ThreadChance(), NullLogger<RemoteClusters>.Instance);
    }

    public string Name { get; }

    public EtcdProcess Etcd { get; }

    public IEtcdClient Client { get; }

    public string Manifests => Path.Combine(_home, "manifests");

    public string RemoteFiles => Path.Combine(_home, "remotes");

    public MeshSnapshot Mesh => _latest!;

    public IReadOnlyList<RemoteObjects> Remotes => _remotes.Current;

    public static async Task<ScenarioCluster> StartAsync(string name, int id)
    {
        var cluster = new ScenarioCluster(name, id, await EtcdProcess.StartAsync());
        cluster.Start();
        return cluster;
    }

    /// <summary>Every key under the prefix and its value as text.</summary>
    public async Task<IReadOnlyList<(string Key, string Value)>> ReadAsync(string prefix)
    {
        var found = new List<(string, string)>();
        await foreach (var page in Client.ListAsync(prefix)) found.AddRange(page.Items.Select(item => (item.Key, Encoding.UTF8.GetString(item.Value.Span))));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _remotes.DisposeAsync();
        await _publisher.DisposeAsync();
        await Client.DisposeAsync();
        _source.Dispose();
        await Etcd.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private void Start()
    {
        var local = _source.Load();
        _writer.Start(local);
        _publisher.Publish(local);
        _remotes.Start();
        _running.Add(_writer.RunAsync(static _ => { }, _stop.Token));
        _running.Add(_publisher.RunAsync(_stop.Token));
        _running.Add(_source.WatchAsync(objects => { _writer.Publish(objects); _publisher.Publish(objects); }, _stop.Token));
    }
}
