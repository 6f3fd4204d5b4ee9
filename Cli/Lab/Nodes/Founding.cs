using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>
/// What `clustermesh etcd init` and `clustermesh connect` do, for all clusters of a lab at once. It runs as a process outside of the
/// clusters, in a place from which all of their etcds are reached.
/// </summary>
internal static class Founding
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    /// <exception cref="BootstrapException">An etcd does not answer, or refuses.</exception>
    public static async Task RunAsync(IReadOnlyList<ClusterHome> homes, TimeProvider time, CancellationToken cancel)
    {
        await Task.WhenAll(homes.Select(home => InitAsync(home, time, cancel)));
        foreach (var (at, home) in homes.Index())
            foreach (var other in homes.Take(at)) await new MeshConnection(time, static _ => { }).ConnectAsync(other, home, renew: false, cancel);
    }

    private static async Task InitAsync(ClusterHome home, TimeProvider time, CancellationToken cancel)
    {
        BootstrapException? last = null;
        if (!await Condition.WaitAsync(async () => (last = await TryInitAsync(home, time, cancel)) is null, s_patience, time, cancel)) throw last!;
    }

    /// <returns>Why it has to be tried again; null = done.</returns>
    private static async Task<BootstrapException?> TryInitAsync(ClusterHome home, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await new EtcdBootstrap(time, static _ => { }).RunAsync(home, ClusterSettings.Read(home), cancel);
            return null;
        }
        catch (BootstrapException error) when (!error.ToRun.IsEmpty)
        {
            // What is to be run is run: it is not up yet.
            return error;
        }
    }
}
