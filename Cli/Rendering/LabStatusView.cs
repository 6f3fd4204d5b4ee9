using ClusterMesh.Cli.Lab.Lifetime;

namespace ClusterMesh.Cli.Rendering;

/// <summary>A lab: one line per node, one per pod, and what is not as the manifests want it.</summary>
internal static class LabStatusView
{
    /// <param name="agents">The state of each node's agent.</param>
    public static void Print(Screen screen, LabState state, IReadOnlyList<string> agents)
    {
        screen.Heading($"lab {state.Name}, routing {state.Routing}, held by process {state.Holder.Pid}");
        var nodes = new TextTable("CLUSTER", "NODE", "ADDRESS", "PODS", "AGENT", "--agent");
        foreach (var (at, node) in state.Nodes.Index())
            nodes.Add(node.Cluster, node.Name, node.Address, node.PodCidr, new(agents[at], agents[at] == "ready" ? Tone.Good : Tone.Bad), node.Agent);
        screen.Table(nodes);
        screen.Line();
        var pods = new TextTable("CLUSTER", "NAMESPACE", "POD", "NODE", "ADDRESS", "STATE");
        foreach (var pod in state.Pods) pods.Add(pod.Cluster, pod.Namespace, pod.Name, pod.Node, pod.Address, new(pod.State, pod.State == "ready" ? Tone.Good : Tone.Warn));
        screen.Table(pods);
        foreach (var process in state.Processes.Where(process => process.Process is not { IsAlive: true })) screen.Line($"{process.Name} does not run; it said: {process.Log}", Tone.Bad);
        foreach (var what in state.NotPlayed) screen.Line($"not played: {what}", Tone.Dim);
    }
}
