using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Demo;

/// <summary>The gateway of one cluster, as a process, and the traffic that enters by it.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly Child _process;
    private readonly Probe _probe = new();

    private Gateway(Child process, int http, int admin, TimeProvider time)
    {
        _process = process;
        Http = new($"http://127.0.0.1:{http}/");
        Admin = new($"http://127.0.0.1:{admin}/");
        Traffic = new(Http, time);
    }

    public Uri Http { get; }

    public Uri Admin { get; }

    public Traffic Traffic { get; }

    public string LastWords => _process.LastWords;

    /// <param name="agent">The agent's socket; nobody needs to listen there yet.</param>
    /// <param name="state">Directory for its last good snapshot.</param>
    public static Gateway Start(Launch program, string cluster, string agent, string state, (int Http, int Admin) ports, TimeProvider time)
    {
        string[] arguments =
        [
            "--cluster", cluster, "--agent", agent, "--state", state, "--http", $"127.0.0.1:{ports.Http}", "--admin", $"127.0.0.1:{ports.Admin}",
            "--access-log", "off", "--warm-up", "0s", "--drain-delay", "0s",
        ];
        return new(Child.StartTethered($"the gateway of {cluster}", program, arguments), ports.Http, ports.Admin, time);
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        using var answer = await _probe.AskAsync(new(Admin, "readyz"), cancel);
        return answer is { IsSuccessStatusCode: true };
    }

    public void ThrowIfEnded()
    {
        if (!_process.Running)
            throw new LaunchException($"{_process.Name} ended: {_process.LastWords}");
    }

    public void Dispose()
    {
        _probe.Dispose();
        Traffic.Dispose();
        _process.Dispose();
    }
}
