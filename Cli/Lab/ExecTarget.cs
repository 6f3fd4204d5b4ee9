using ClusterMesh.Cli.Lab.Lifetime;

namespace ClusterMesh.Cli.Lab;

/// <summary>Where a command is to run: "NS/POD", "CLUSTER/NS/POD", "node:NAME" or "outside".</summary>
internal static class ExecTarget
{
    /// <returns>The network namespace's name.</returns>
    /// <exception cref="LabException">There is no such place, or more than one.</exception>
    public static string Resolve(LabState state, string target)
    {
        if (target == Network.Underlay.OutsideName) return new LabPaths(state.Name).Netns(target).Name;
        if (target.StartsWith("node:", StringComparison.Ordinal))
            return state.Nodes.FirstOrDefault(node => node.Name == target["node:".Length..])?.Netns ?? throw Unknown(target, state.Nodes.Select(node => $"node:{node.Name}"));
        var found = state.Pods.Where(pod => target == $"{pod.Namespace}/{pod.Name}" || target == $"{pod.Cluster}/{pod.Namespace}/{pod.Name}").ToList();
        return found switch
        {
            [var pod] => pod.Netns,
            [] => throw Unknown(target, state.Pods.Select(pod => $"{pod.Cluster}/{pod.Namespace}/{pod.Name}")),
            _ => throw new LabException($"'{target}' is in {string.Join(" and ", found.Select(pod => pod.Cluster))}: say which, as CLUSTER/{target}"),
        };
    }

    private static LabException Unknown(string target, IEnumerable<string> there) => new($"'{target}' is not in this lab; there are {string.Join(", ", there)}");
}
