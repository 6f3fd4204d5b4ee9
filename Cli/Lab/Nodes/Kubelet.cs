using System.Globalization;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>Runs the pods of a cluster's nodes: namespace, programs, endpoint on the mesh; and ends them in good order.</summary>
/// <param name="changed">Told after each step that the API would show.</param>
internal sealed class Kubelet(LabPaths paths, LabPrograms programs, string cluster, Action changed, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40), s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Its namespace and programs; what they listen on needs no network yet.</summary>
    public async Task StartAsync(LabPod pod)
    {
        await Tool.IpAsync(null, $"netns add {pod.Netns.Name}");
        await Tool.IpAsync(pod.Netns, "link set lo up");
        pod.Programs = [.. pod.Spec.Containers.Select(container => PodProgram.Start(paths, programs, cluster, pod, container))];
    }

    /// <summary>Puts it on the mesh and waits until it is ready.</summary>
    /// <exception cref="LabException">It does not become ready; its state says why.</exception>
    public async Task JoinAsync(LabPod pod, CancellationToken cancel)
    {
        try
        {
            var key = pod.Spec.Key;
            await pod.Node.Api.AddEndpointAsync(new(key.Namespace, key.Name, pod.Netns.Path, $"{pod.Address}"), cancel);
            var ports = pod.Spec.Ports.Select(port => (port.Protocol, port.Port)).ToList();
            await UntilAsync(pod, () => Task.FromResult(pod.Netns.Listens(ports)), $"listen on {string.Join(", ", ports.Select(port => $"{port.Port}/{port.Protocol}"))}", cancel);
            pod.State = "ready";
        }
        catch (Exception error) when (error is LabException or AdminException)
        {
            pod.State = error.Message;
            throw;
        }
        finally
        {
            changed();
        }

        foreach (var program in pod.Programs) _ = NoticeEndAsync(pod, program);
    }

    /// <summary>Its identity is known and its policy in the kernel.</summary>
    /// <exception cref="LabException"/>
    public async Task UntilEndpointIsReadyAsync(LabPod pod, CancellationToken cancel) => await UntilAsync(
        pod,
        async () => (await pod.Node.Api.EndpointsAsync(cancel)).Value.Any(endpoint => endpoint.Namespace == pod.Spec.Key.Namespace && endpoint.Pod == pod.Spec.Key.Name && endpoint.State == "ready"),
        "have a ready endpoint", cancel);

    /// <summary>Tells everybody, lets the programs end, and takes everything away.</summary>
    /// <param name="force">At once, and nobody is told before.</param>
    public async Task StopAsync(LabPod pod, bool force, CancellationToken cancel)
    {
        if (!force)
        {
            (pod.Terminating, pod.State) = (true, pod.Ready ? "terminating" : pod.State);
            changed();
            await Task.Delay(pod.Spec.PreStop, time, cancel);
            await SignalAsync(pod, "TERM");
            // Those of an echo end by their input, too; nobody waits for what has no programs.
            await Condition.WaitAsync(() => pod.Programs.All(program => !program.Running), pod.Spec.Grace, time, cancel);
        }

        foreach (var program in pod.Programs) program.Dispose();
        await SignalAsync(pod, "KILL");
        try
        {
            await pod.Node.Api.DeleteEndpointAsync(pod.Spec.Key.Namespace, pod.Spec.Key.Name, cancel);
        }
        finally
        {
            await Tool.IpAsync(null, $"netns delete {pod.Netns.Name}");
        }
    }

    private async Task NoticeEndAsync(LabPod pod, LabProcess program)
    {
        await program.Ended;
        if (pod.Terminating) return;
        pod.State = $"{program.Name} ended: {LogFile.Tail(program.Log)}";
        changed();
    }

    /// <summary>To whatever runs in its namespace: a program may have started others.</summary>
    private static async Task SignalAsync(LabPod pod, string signal)
    {
        var outcome = await Tool.RunAsync("ip", ["netns", "pids", pod.Netns.Name]);
        var pids = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(pid => int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _)).ToList();
        if (pids.Count > 0) await Tool.RunAsync("kill", [$"-{signal}", .. pids]);
    }

    private async Task UntilAsync(LabPod pod, Func<Task<bool>> holds, string what, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (!await holds())
        {
            if (pod.Programs.FirstOrDefault(program => !program.Running) is { } ended) ended.ThrowIfEnded();
            if (time.GetElapsedTime(begun) > s_patience) throw new LabException($"pod {cluster}/{pod.Spec.Key} does not {what} within {s_patience.TotalSeconds:0} s");
            await Task.Delay(s_interval, time, cancel);
        }
    }
}
