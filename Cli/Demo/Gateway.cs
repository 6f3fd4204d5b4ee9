namespace ClusterMesh.Cli.Demo;

/// <summary>The gateway of one cluster, as a process, and the traffic that enters by it.</summary>
internal sealed class Gateway : IDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(40);

    private readonly Child _process;

    private Gateway(string cluster, Child process, int http, int admin, TimeProvider time)
    {
        Cluster = cluster;
        _process = process;
        Http = new($"http://127.0.0.1:{http}/");
        Admin = new($"http://127.0.0.1:{admin}/");
        Traffic = new(Http, time);
    }

    public string Cluster { get; }

    public Uri Http { get; }

    public Uri Admin { get; }

    public Traffic Traffic { get; }

    public static Gateway Start(Launch program, string cluster, ManifestCopy manifests, IEnumerable<string> peers, (int Http, int Admin) ports, TimeProvider time)
    {
        string[] arguments =
        [
            "--cluster", cluster, "--manifests", manifests.Directory(cluster),
            .. peers.SelectMany(peer => new[] { "--peer", $"{peer}={manifests.Directory(peer)}" }),
            "--http", $"127.0.0.1:{ports.Http}", "--admin", $"127.0.0.1:{ports.Admin}",
            "--access-log", "off", "--warm-up", "0s", "--drain-delay", "0s",
        ];
        return new(cluster, Child.Start($"gateway of {cluster}", program, arguments), ports.Http, ports.Admin, time);
    }

    public async Task WaitReadyAsync(TimeProvider time, CancellationToken cancel)
    {
        using var probe = new Probe();
        if (!await Condition.WaitAsync(() => IsReadyAsync(probe, cancel), ReadyTimeout, time, cancel))
            throw new DemoException($"the gateway of {Cluster} is not ready: {Admin}readyz; it said: {_process.LastWords}");
    }

    public void ThrowIfEnded()
    {
        if (!_process.Running)
            throw new DemoException($"the gateway of {Cluster} ended: {_process.LastWords}");
    }

    public void Dispose()
    {
        Traffic.Dispose();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(Probe probe, CancellationToken cancel)
    {
        ThrowIfEnded();
        using var answer = await probe.AskAsync(new(Admin, "readyz"), cancel);
        return answer is { IsSuccessStatusCode: true };
    }
}
