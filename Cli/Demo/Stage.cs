using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Demo;

/// <summary>All that the rows play on: two clusters that know each other, the pods of both, and the manifests that may be edited.</summary>
internal sealed class Stage(ManifestCopy manifests) : IStage, IDisposable
{
    public const string WestName = "west", EastName = "east";

    private static readonly string[] Clusters = [WestName, EastName];

    private PortClaim? _port;

    public ManifestCopy Manifests => manifests;

    public Pods Pods { get; private set; } = null!;

    public DemoCluster West { get; private set; } = null!;

    public DemoCluster East { get; private set; } = null!;

    public static async Task<Stage> SetUpAsync(Binaries binaries, TimeProvider time, Action<string> say, CancellationToken cancel)
    {
        var stage = new Stage(ManifestCopy.Of(binaries.Manifests, Clusters));
        try
        {
            stage._port = ClaimPort(stage.Manifests, say);
            stage.Pods = new(binaries.Echo, ReadPods(stage.Manifests), time);
            say($"starting {stage.Pods.All.Count} echo backends and 2 clusters, each with etcd, agent and gateway; manifests in {stage.Manifests.Root}");
            await stage.StartAsync(binaries, time, cancel);
            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    /// <summary>The pods of one cluster, all or of one version.</summary>
    public IReadOnlyList<DemoPod> PodsOf(string cluster, string? version = null) =>
        [.. Pods.All.Where(pod => pod.Cluster == cluster && (version is null || pod.Version == version))];

    public void ThrowIfAnyEnded()
    {
        West.ThrowIfAnyEnded();
        East.ThrowIfAnyEnded();
    }

    public void Dispose()
    {
        West?.Dispose();
        East?.Dispose();
        Pods?.Dispose();
        _port?.Dispose();
        Manifests.Dispose();
    }

    private async Task StartAsync(Binaries binaries, TimeProvider time, CancellationToken cancel)
    {
        var ports = Ports.Free(2 * DemoCluster.PortCount).AsSpan();
        West = DemoCluster.Open(binaries, Manifests, WestName, 1, ports[..DemoCluster.PortCount], time);
        East = DemoCluster.Open(binaries, Manifests, EastName, 2, ports[DemoCluster.PortCount..], time);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] parts = [MeshAsync(time, failed.Token), Pods.StartAsync(Pods.All, failed.Token), West.WaitReadyAsync(failed.Token), East.WaitReadyAsync(failed.Token)];
        try
        {
            await foreach (var part in Task.WhenEach(parts))
                await part;
        }
        finally
        {
            await failed.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The agents come last: what they find when they start is a mesh.</summary>
    private async Task MeshAsync(TimeProvider time, CancellationToken cancel)
    {
        await Task.WhenAll(Task.Run(() => West.FoundAsync(cancel), cancel), Task.Run(() => East.FoundAsync(cancel), cancel));
        await new MeshConnection(time, static _ => { }).ConnectAsync(West.Home, East.Home, renew: false, cancel);
        West.Agent.Start();
        East.Agent.Start();
    }

    /// <summary>The port in the manifests may be somebody else's on this machine; then the copy gets another one.</summary>
    private static PortClaim ClaimPort(ManifestCopy manifests, Action<string> say)
    {
        var pods = ReadPods(manifests);
        var written = pods.Select(pod => pod.Address.Port).Distinct().ToList() is [var port]
            ? port
            : throw new DemoException($"{manifests.Root}: the pods have to share one port");
        var claim = PortClaim.TryTake([.. pods.Select(pod => pod.Address.Address)], Enumerable.Range(written, 200))
            ?? throw new DemoException($"no port from {written} on is free on {pods[0].Address.Address} and the other addresses of the pods");
        if (claim.Port != written)
        {
            say($"port {written} is taken on this machine: the backends listen on {claim.Port}");
            manifests.EditAll($"port: {written},", $"port: {claim.Port},");
        }

        return claim;
    }

    private static IReadOnlyList<DemoPod> ReadPods(ManifestCopy manifests) =>
        [.. Clusters.SelectMany(cluster => PodReader.Read(cluster, manifests.Directory(cluster)))];
}
