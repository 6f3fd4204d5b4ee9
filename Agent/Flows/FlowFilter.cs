using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Flows;

/// <summary>Which flows are wanted: of several values of one filter one must fit, and all filters must; an empty one fits all. Pure.</summary>
internal sealed record FlowFilter
{
    public static FlowFilter All { get; } = new();

    /// <summary>The newest so many of those that there are.</summary>
    public int Last { get; init; } = int.MaxValue;

    public DateTimeOffset Since { get; init; }

    public ImmutableArray<string> Types { get; init; } = [];

    public ImmutableArray<string> Verdicts { get; init; } = [];

    /// <summary>"TCP"; "ICMP" is of both versions.</summary>
    public ImmutableArray<string> Protocols { get; init; } = [];

    public ImmutableArray<int> Ports { get; init; } = [];

    public ImmutableArray<IPNetwork> Addresses { get; init; } = [];

    public ImmutableArray<PodPrefix> Pods { get; init; } = [];

    public ImmutableArray<PodPrefix> FromPods { get; init; } = [];

    public ImmutableArray<PodPrefix> ToPods { get; init; } = [];

    public ImmutableArray<string> Clusters { get; init; } = [];

    public ImmutableArray<string> FromClusters { get; init; } = [];

    public ImmutableArray<string> ToClusters { get; init; } = [];

    public bool Fits(FlowStatus flow) =>
        flow.Time >= Since
        && Fits(Types, flow.Type) && Fits(Verdicts, flow.Verdict)
        && (Protocols.IsEmpty || Protocols.Any(name => flow.Protocol == name || (name == "ICMP" && flow.Protocol.StartsWith(name, StringComparison.Ordinal))))
        && (Ports.IsEmpty || Ports.Contains(flow.Source.Port) || Ports.Contains(flow.Destination.Port))
        && (Addresses.IsEmpty || IsIn(flow.Source.Ip) || IsIn(flow.Destination.Ip))
        && (Pods.IsEmpty || Fits(Pods, flow.Source) || Fits(Pods, flow.Destination))
        && Fits(FromPods, flow.Source) && Fits(ToPods, flow.Destination)
        && (Clusters.IsEmpty || Fits(Clusters, flow.Source.Cluster) || Fits(Clusters, flow.Destination.Cluster))
        && Fits(FromClusters, flow.Source.Cluster) && Fits(ToClusters, flow.Destination.Cluster);

    private static bool Fits(ImmutableArray<string> wanted, string? is_) => wanted.IsEmpty || (is_ is not null && wanted.Contains(is_, StringComparer.Ordinal));

    private static bool Fits(ImmutableArray<PodPrefix> wanted, FlowPeer peer) => wanted.IsEmpty || wanted.Any(pod => pod.Fits(peer));

    private bool IsIn(string text) => IPAddress.TryParse(text, out var address) && Addresses.Any(network => network.Contains(address));
}

/// <summary>A namespace and the beginning of a pod's name, as Hubble takes them: "shop/" is all of a namespace, "web" is of the namespace default.</summary>
internal readonly record struct PodPrefix(string Namespace, string Name)
{
    /// <summary>Null: more than one slash, or nothing at all.</summary>
    public static PodPrefix? Parse(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } name] => new("default", name),
        [{ Length: > 0 } space, var name] => new(space, name),
        _ => null,
    };

    public bool Fits(FlowPeer peer) => peer.Pod is { } pod && peer.Namespace == Namespace && pod.StartsWith(Name, StringComparison.Ordinal);
}
