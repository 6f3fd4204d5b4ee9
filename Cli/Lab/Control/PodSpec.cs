using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>A pod that there should be, as its manifest says.</summary>
internal sealed record PodSpec(ObjectKey Key, JsonObject Manifest)
{
    private const string HostnameLabel = "kubernetes.io/hostname";

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    public IReadOnlyDictionary<string, string> Labels { get; } = Manifest.Texts("metadata", "labels");

    public IReadOnlyList<PodContainer> Containers { get; } = [.. Manifest.Items("spec", "containers").Select((node, at) => PodContainer.Of(node, at))];

    /// <summary>Where it must run; null = anywhere.</summary>
    public string? Node => Manifest.Text("spec", "nodeName") ?? Manifest.Text("spec", "nodeSelector", HostnameLabel);

    public IEnumerable<PodPort> Ports => Containers.SelectMany(container => container.Ports);

    /// <summary>How long its programs may take to end.</summary>
    public TimeSpan Grace => Manifest.Number("spec", "terminationGracePeriodSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : s_grace;

    /// <summary>How long they go on as if nothing were, while everybody hears that the pod is terminating: lifecycle.preStop.sleep.</summary>
    public TimeSpan PreStop => TimeSpan.FromSeconds(Manifest.Items("spec", "containers").Max(container => container.Number("lifecycle", "preStop", "sleep", "seconds")) ?? 0);

    /// <summary>Labels and annotations of a running pod may change; for anything else it has to be made anew.</summary>
    public bool RunsAs(PodSpec other) => JsonNode.DeepEquals(Manifest["spec"], other.Manifest["spec"]) && Labels.GetValueOrDefault("version") == other.Labels.GetValueOrDefault("version");
}

/// <param name="Command">Empty: an echo takes its place.</param>
internal sealed record PodContainer(string Name, IReadOnlyList<string> Command, IReadOnlyList<PodPort> Ports, IReadOnlyDictionary<string, string> Environment)
{
    public static PodContainer Of(JsonNode node, int at) => new(
        node.Text("name") ?? FormattableString.Invariant($"{at}"),
        node["command"] is JsonArray ? [.. node.Items("command").Concat(node.Items("args")).Select(word => word.ToString())] : [],
        [.. node.Items("ports").Where(port => port.Number("containerPort") is >= 1 and <= 65535).Select(port => new PodPort(port.Text("name"), port.Number("containerPort")!.Value, port.Text("protocol") ?? "TCP"))],
        node.Items("env").Where(variable => variable.Text("name") is not null && variable.Text("value") is not null).GroupBy(variable => variable.Text("name")!).ToDictionary(same => same.Key, same => same.Last().Text("value")!));
}

/// <param name="Protocol">TCP or UDP.</param>
internal sealed record PodPort(string? Name, int Port, string Protocol);
