using System.Text.RegularExpressions;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Lab.Topology;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>Where everything of one lab is, by its name: files, namespaces and pins. Cleaning up goes by these names alone.</summary>
internal sealed partial record LabPaths
{
    public const string Root = "/run/clustermesh/lab";

    private const string PinRoot = "/sys/fs/bpf/clustermesh-lab";

    /// <exception cref="LabException">Not a name for a lab.</exception>
    public LabPaths(string name) =>
        Name = NamePattern().IsMatch(name) ? name : throw new LabException($"'{name}' is not a name for a lab: at most 32 of a-z, 0-9 and, inside, -");

    public string Name { get; }

    public string Directory => $"{Root}/{Name}";

    public string State => $"{Directory}/state.json";

    public string Control => $"{Directory}/lab.sock";

    public string Pins => $"{PinRoot}/{Name}";

    /// <summary>No name of a lab or of a cluster has a dot, so no lab's names begin with another's.</summary>
    public string NetnsPrefix => $"cmlab.{Name}.";

    public NetworkNamespace Netns(string name) => new(NetnsPrefix + name);

    public NetworkNamespace NodeNetns(NodePlan node) => Netns($"{node.Cluster}.node.{node.Name}");

    public NetworkNamespace EtcdNetns(ClusterPlan cluster) => Netns($"{cluster.Name}.etcd");

    public NetworkNamespace PodNetns(string cluster, ObjectKey pod) => Netns($"{cluster}.pod.{pod.Namespace}.{pod.Name}");

    /// <summary>Its agent's files; short, as a socket's path is at most 107 bytes.</summary>
    public string NodeDirectory(ClusterPlan cluster, int number) => FormattableString.Invariant($"{Directory}/{cluster.Name}/n{number}");

    public string ClusterDirectory(string cluster) => $"{Directory}/{cluster}";

    public string Log(string process) => $"{Directory}/log/{process}.log";

    public string NodePins(NodePlan node) => $"{Pins}/{node.Name}";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?\z")]
    private static partial Regex NamePattern();
}
