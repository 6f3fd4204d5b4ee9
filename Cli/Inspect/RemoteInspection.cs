using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Inspect;

/// <summary>
/// Connects to a remote cluster's etcd as an agent does, one step after the other, and says of each what was seen and how to mend
/// what is wrong. It changes nothing there.
/// </summary>
internal sealed class RemoteInspection(TimeProvider time)
{
    /// <param name="directory">With one file per remote.</param>
    public async Task<Inspection> RunAsync(string directory, string remote, CancellationToken cancel)
    {
        var path = RemoteConfigStep.PathOf(directory, remote);
        var tried = new List<InspectStep>();
        var (file, config) = RemoteConfigStep.Read(path);
        if (Take(file) && config is not null && Take(OwnCertificateStep.Judge(config, time.GetUtcNow())))
        {
            var reached = await ReachAsync(config, tried, cancel);
            if (reached.Count > 0)
                await AskAsync(config with { Endpoints = [.. reached], Timeout = TimeSpan.FromSeconds(5) }, remote, tried, cancel);
        }

        return Inspection.Of(remote, path, tried);

        bool Take(InspectStep step)
        {
            tried.Add(step);
            return step.Verdict != Verdict.Failed;
        }
    }

    /// <summary>The endpoints that can be talked to.</summary>
    private async Task<List<Uri>> ReachAsync(EtcdConfig config, List<InspectStep> tried, CancellationToken cancel)
    {
        var reached = new List<Uri>();
        var way = new EndpointSteps(config, time);
        foreach (var endpoint in config.Endpoints)
        {
            var steps = await way.TryAsync(endpoint, cancel);
            tried.AddRange(steps);
            if (steps.All(step => step.Verdict != Verdict.Failed)) reached.Add(endpoint);
        }

        return reached;
    }

    private async Task AskAsync(EtcdConfig config, string remote, List<InspectStep> tried, CancellationToken cancel)
    {
        await using var client = EtcdClient.Open(config, time);
        var user = config.CertFile is null ? "nobody" : CertificateFile.Read(config.CertFile)?.Names.CommonName ?? "nobody";
        var permissions = new PermissionSteps(client, remote, user);
        foreach (var step in new[] { permissions.StatusAsync, permissions.ReadAsync })
        {
            tried.Add(await step(cancel));
            if (tried[^1].Verdict == Verdict.Failed) return;
        }

        tried.Add(await permissions.WriteAsync(cancel));
        tried.Add(await permissions.OutsideAsync(cancel));
        var state = new StateSteps(client, remote, time);
        foreach (var step in new[] { state.ClusterConfigAsync, state.HeartbeatAsync, state.CanariesAsync, state.ContentsAsync })
            tried.Add(await step(cancel));
    }
}
