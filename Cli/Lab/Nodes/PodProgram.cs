using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>How a container of a pod is run: its command as it stands, or the echo that says who it is.</summary>
internal static class PodProgram
{
    public static LabProcess Start(LabPaths paths, LabPrograms programs, string cluster, LabPod pod, PodContainer container)
    {
        var key = pod.Spec.Key;
        var (name, log) = ($"{container.Name} of {cluster}/{key}", paths.Log($"{cluster}.{key.Namespace}.{key.Name}.{container.Name}"));
        return container.Command.Count > 0
            ? LabProcess.Start(name, log, pod.Netns.Around(new("env", [.. Environment(cluster, pod, container), .. container.Command])), tethered: true)
            : LabProcess.Start(name, log, pod.Netns.Around(programs.Self), tethered: false, EchoArguments(cluster, pod.Spec, container));
    }

    /// <summary>A container without ports is somebody to call from; the echo then listens where nobody comes.</summary>
    public static IEnumerable<string> EchoArguments(string cluster, PodSpec pod, PodContainer container)
    {
        var (http, udp) = (container.Ports.Where(port => port.Protocol != "UDP").ToList(), container.Ports.Where(port => port.Protocol == "UDP"));
        return
        [
            "echo",
            .. http.Count == 0 ? ["--listen", "127.0.0.1:0"] : http.SelectMany(port => new[] { "--listen", FormattableString.Invariant($"0.0.0.0:{port.Port}") }),
            .. udp.SelectMany(port => new[] { "--udp", FormattableString.Invariant($"0.0.0.0:{port.Port}") }),
            "--service", pod.Labels.GetValueOrDefault("app") ?? pod.Labels.GetValueOrDefault("name") ?? pod.Key.Name,
            "--version", pod.Labels.GetValueOrDefault("version") ?? "v1",
            "--cluster", cluster, "--pod", pod.Key.Name, "--until-input-ends",
        ];
    }

    private static IEnumerable<string> Environment(string cluster, LabPod pod, PodContainer container) =>
    [
        $"CLUSTER={cluster}", $"NODE_NAME={pod.Node.Name}", $"POD_NAME={pod.Spec.Key.Name}", $"POD_NAMESPACE={pod.Spec.Key.Namespace}", $"POD_IP={pod.Address}",
        .. container.Environment.Where(variable => variable.Key.Length > 0 && !variable.Key.Contains('=')).Select(variable => $"{variable.Key}={variable.Value}"),
    ];
}
