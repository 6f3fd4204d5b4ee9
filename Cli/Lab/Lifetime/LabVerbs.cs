using ClusterMesh.Cli.Echo;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>What a command line may ask of a lab that is up.</summary>
internal sealed class LabVerbs(RunningLab lab)
{
    /// <summary>Before the name of a node: its proxy is meant.</summary>
    public const string Proxy = "proxy:";

    /// <returns>What to tell whoever asked.</returns>
    /// <exception cref="LabException">It cannot be done.</exception>
    public async Task<IReadOnlyList<string>> DoAsync(LabRequest request, CancellationToken cancel)
    {
        var (target, value) = (request.Target ?? "", request.Value ?? "");
        switch (request.Verb)
        {
            case "apply":
                return await ApplyAsync(request.Cluster ?? "", value, cancel);
            case "delete":
                await lab.DeleteAsync(request.Cluster ?? "", value, target, cancel: cancel);
                return [$"{value} {target} of {request.Cluster} deleted"];
            case "cut":
                await lab.CutAsync(target);
                return [$"the link of {target} is cut"];
            case "heal":
                await lab.HealAsync(target);
                return [$"the link of {target} is as it was"];
            case "delay":
                if (!Duration.TryParse(value, out var delay)) throw new LabException($"delay: '{value}' is not a time such as 20ms");
                await lab.DelayAsync(target, delay);
                return [$"packets to {target} take {value} longer"];
            case "loss":
                if (!LinkFault.TryParseLoss(value, out var loss)) throw new LabException($"loss: '{value}' is not a share such as 1%");
                await lab.LoseAsync(target, loss);
                return [$"of packets to {target} {value} are lost"];
            case "kill" when target.StartsWith(Proxy, StringComparison.Ordinal):
                lab.KillProxy(target[Proxy.Length..]);
                return [$"the {target.Replace(":", " of ", StringComparison.Ordinal)} is killed; what policy gives to it alone is refused, services are the kernel's"];
            case "kill":
                lab.KillAgent(target);
                return [$"the agent of {target} is killed; what is in the kernel stays"];
            case "start" when target.StartsWith(Proxy, StringComparison.Ordinal):
                await lab.StartProxyAsync(target[Proxy.Length..], cancel);
                return [$"the {target.Replace(":", " of ", StringComparison.Ordinal)} is ready; one that ran before finishes what it has"];
            case "start":
                await lab.StartAgentAsync(target, cancel);
                return [$"the agent of {target} is ready"];
            default:
                throw new LabException($"'{request.Verb}' is not known to this lab");
        }
    }

    private async Task<IReadOnlyList<string>> ApplyAsync(string cluster, string manifest, CancellationToken cancel)
    {
        var before = lab.Cluster(cluster).ControlPlane.NotPlayed;
        await lab.ApplyAsync(cluster, manifest, cancel);
        return [$"applied to {cluster}, and its pods are ready", .. lab.Cluster(cluster).ControlPlane.NotPlayed.Except(before).Select(what => $"not played: {what}")];
    }
}
