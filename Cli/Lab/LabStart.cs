using System.Globalization;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Lab.Nodes;

namespace ClusterMesh.Cli.Lab;

/// <summary>Brings a lab up, as much at once as can be: the programs of the pods start while etcd and agents do.</summary>
internal sealed class LabStart(RunningLab lab, LabOptions options)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60), s_interval = TimeSpan.FromMilliseconds(50);

    private readonly long _begun = options.Time.GetTimestamp();

    public async Task RunAsync(CancellationToken cancel)
    {
        await lab.Underlay.CreateAsync();
        Say($"underlay: {lab.Topology.Clusters.Sum(cluster => cluster.Nodes)} nodes in {lab.Clusters.Count} clusters");
        var mesh = FoundAsync(cancel);
        var pods = Task.WhenAll(lab.Clusters.Select(cluster => cluster.ControlPlane.StartAsync()));
        lab.StartOutside();
        await mesh;
        await Task.WhenAll(lab.Clusters.Select(cluster => cluster.StartNodesAsync()));
        if (!lab.Topology.Wan.IsNone) await Task.WhenAll(lab.Clusters.Select(cluster => lab.HarmAsync(cluster.Name, lab.Topology.Wan)));
        await pods;
        await Task.WhenAll(lab.Clusters.SelectMany(cluster => cluster.Nodes).Select(node => UntilAgentAnswersAsync(node, options.Time, cancel)));
        Say("agents answer");
        await Task.WhenAll(lab.Clusters.Select(cluster => cluster.ControlPlane.JoinAsync(cancel)));
        Say($"{lab.Clusters.Sum(cluster => cluster.ControlPlane.Pods.Count)} pods listen");
        await Task.WhenAll(lab.Clusters.Select(cluster => cluster.ControlPlane.UntilEndpointsAreReadyAsync(cancel)));
        var names = lab.Clusters.Select(cluster => cluster.Name).ToList();
        await Task.WhenAll(lab.Clusters.SelectMany(cluster => cluster.Nodes).Select(node => UntilAgentIsReadyAsync(node, names, options.Time, cancel)));
        await Task.WhenAll(lab.Clusters.SelectMany(cluster => cluster.Nodes).Select(node => UntilPodsAreKnownAsync(node, cancel)));
        await Task.WhenAll(lab.Clusters.SelectMany(cluster => cluster.Nodes).Select(node => UntilProxyIsReadyAsync(node, DateTimeOffset.MinValue, options.Time, cancel)));
        await Task.WhenAll(lab.Clusters.SelectMany(cluster => cluster.Nodes).Select(node => UntilGatewayListensAsync(node, options.Time, cancel)));
        foreach (var what in lab.State.NotPlayed) Say($"not played: {what}");
        Say("ready");
    }

    /// <summary>It is ready, and all of these clusters are with it.</summary>
    /// <exception cref="LabException">It ended, or is not in time.</exception>
    public static async Task UntilAgentIsReadyAsync(LabNode node, IReadOnlyCollection<string> clusters, TimeProvider time, CancellationToken cancel)
    {
        await UntilAgentAnswersAsync(node, time, cancel);
        var why = "";
        if (!await UntilAsync(node.Agent, async () => (why = await MissingAsync(node, clusters, cancel)) is null, time, cancel))
            throw new LabException($"the agent of {node.Name} is not ready: {why} ({node.Agent?.Log})");
    }

    /// <summary>The kernel hands it connections.</summary>
    /// <param name="since">One that was started before is not meant.</param>
    /// <exception cref="LabException">It ended, or is not in time.</exception>
    public static async Task UntilProxyIsReadyAsync(LabNode node, DateTimeOffset since, TimeProvider time, CancellationToken cancel)
    {
        if (!await UntilAsync(node.Proxy, () => IsReadyAsync(node, since, cancel), time, cancel)) throw new LabException($"the proxy of {node.Name} is not ready within {s_patience.TotalSeconds:0} s ({node.Proxy?.Log})");
    }

    private static async Task UntilGatewayListensAsync(LabNode node, TimeProvider time, CancellationToken cancel)
    {
        if (node.Gateway is not { } gateway) return;
        if (!await UntilAsync(gateway, () => Task.FromResult(node.Netns.Listens([("TCP", LabNode.GatewayPort)])), time, cancel))
            throw new LabException($"the gateway of {node.Name} does not listen within {s_patience.TotalSeconds:0} s ({gateway.Log})");
    }

    private static async Task<bool> IsReadyAsync(LabNode node, DateTimeOffset since, CancellationToken cancel)
    {
        try
        {
            var proxy = (await node.ProxyPages.StateAsync(cancel)).Value.Gateway;
            return proxy.State == "ready" && proxy.StartedAt >= since;
        }
        catch (AdminException)
        {
            return false;
        }
    }

    private async Task FoundAsync(CancellationToken cancel)
    {
        foreach (var cluster in lab.Clusters) cluster.StartEtcd();
        var launch = lab.Underlay.Outside.Around(options.Programs.Self);
        var outcome = await Tool.RunAsync(launch.File, launch.With(["lab", "found", .. lab.Clusters.Select(cluster => cluster.Home.Directory)]), cancel: cancel);
        foreach (var cluster in lab.Clusters) cluster.Etcd!.ThrowIfEnded();
        if (outcome.Code != 0) throw new LabException($"the clusters cannot be founded: {outcome.Errors.Trim()}");
        Say("etcds have their users, and the clusters know each other");
    }

    private static async Task UntilAgentAnswersAsync(LabNode node, TimeProvider time, CancellationToken cancel)
    {
        if (!await UntilAsync(node.Agent, () => AnswersAsync(node, cancel), time, cancel)) throw new LabException($"the agent of {node.Name} does not answer within {s_patience.TotalSeconds:0} s ({node.Agent?.Log})");
    }

    /// <summary>Who the pods of all other nodes are is in this node's kernel: from now on packets find them, and policy their identity.</summary>
    private async Task UntilPodsAreKnownAsync(LabNode node, CancellationToken cancel)
    {
        var pods = lab.Clusters.SelectMany(cluster => cluster.ControlPlane.Pods).Where(pod => pod.Node != node).Select(pod => $"{pod.Address}").ToList();
        var missing = pods;
        if (!await UntilAsync(node.Agent, async () => (missing = [.. pods.Except(await KnownAsync(node, cancel))]).Count == 0, options.Time, cancel))
            throw new LabException($"{node.Name} does not know the pods at {string.Join(", ", missing)} ({node.Agent?.Log})");
    }

    private static async Task<IEnumerable<string>> KnownAsync(LabNode node, CancellationToken cancel) =>
        (await node.Api.IpcacheAsync(cancel)).Value.Where(entry => entry.Identity != 0).Select(entry => entry.Prefix.Replace("/32", "", StringComparison.Ordinal));

    private static async Task<bool> AnswersAsync(LabNode node, CancellationToken cancel)
    {
        try
        {
            await node.Api.AgentStateAsync(cancel);
            return true;
        }
        catch (AdminException)
        {
            return false;
        }
    }

    /// <returns>What is not as it should be yet; null = ready.</returns>
    private static async Task<string?> MissingAsync(LabNode node, IReadOnlyCollection<string> clusters, CancellationToken cancel)
    {
        var state = (await node.Api.AgentStateAsync(cancel)).Value;
        if (state.Agent.State != "ready") return $"it is {state.Agent.State}, {state.Agent.Reason}";
        if (state.Agent.Publishing is { Synced: false } publishing) return $"not all is told to other clusters yet, {publishing.LastError}";
        return clusters.Except(state.Clusters.Where(cluster => cluster.State is "ready" or "synced").Select(cluster => cluster.Name)).FirstOrDefault() is { } missing
            ? $"cluster {missing} is {state.Clusters.FirstOrDefault(cluster => cluster.Name == missing)?.State ?? "not known"}"
            : null;
    }

    private static async Task<bool> UntilAsync(LabProcess? process, Func<Task<bool>> holds, TimeProvider time, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (!await holds())
        {
            process?.ThrowIfEnded();
            if (time.GetElapsedTime(begun) > s_patience) return false;
            await Task.Delay(s_interval, time, cancel);
        }

        return true;
    }

    private void Say(string what) => options.Say(string.Create(CultureInfo.InvariantCulture, $"{options.Time.GetElapsedTime(_begun).TotalSeconds,5:0.0} s  {what}"));
}
