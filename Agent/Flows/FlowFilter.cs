using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
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

    public ImmutableArray<string> HttpMethods { get; init; } = [];

    public ImmutableArray<Regex> HttpPaths { get; init; } = [];

    /// <summary>How the status begins: "404", "5" for 5xx.</summary>
    public ImmutableArray<string> HttpStatuses { get; init; } = [];

    public ImmutableArray<string> TraceIds { get; init; } = [];

    public bool Fits(FlowStatus flow) =>
        flow.Time >= Since
        && Fits(Types, flow.Type) && Fits(Verdicts, flow.Verdict)
        && (Protocols.IsEmpty || Protocols.Any(name => IsOf(flow, name)))
        && (Ports.IsEmpty || Ports.Contains(flow.Source.Port) || Ports.Contains(flow.Destination.Port))
        && (Addresses.IsEmpty || IsIn(flow.Source.Ip) || IsIn(flow.Destination.Ip))
        && (Pods.IsEmpty || Fits(Pods, flow.Source) || Fits(Pods, flow.Destination))
        && Fits(FromPods, flow.Source) && Fits(ToPods, flow.Destination)
        && (Clusters.IsEmpty || Fits(Clusters, flow.Source.Cluster) || Fits(Clusters, flow.Destination.Cluster))
        && Fits(FromClusters, flow.Source.Cluster) && Fits(ToClusters, flow.Destination.Cluster)
        && FitsRequest(flow.L7);

    private static bool IsOf(FlowStatus flow, string protocol) => protocol switch
    {
        ProtocolWords.Http => flow.L7 is not null,
        "ICMP" => flow.Protocol.StartsWith(protocol, StringComparison.Ordinal),
        _ => flow.Protocol == protocol,
    };

    private bool FitsRequest(FlowL7? request)
    {
        if (HttpMethods.IsEmpty && HttpPaths.IsEmpty && HttpStatuses.IsEmpty && TraceIds.IsEmpty) return true;
        if (request is null) return false;
        var status = request.Status.ToString(CultureInfo.InvariantCulture);
        return (HttpMethods.IsEmpty || HttpMethods.Contains(request.Method, StringComparer.OrdinalIgnoreCase))
            && (HttpPaths.IsEmpty || HttpPaths.Any(path => path.IsMatch(request.Path)))
            && (HttpStatuses.IsEmpty || HttpStatuses.Any(begin => status.StartsWith(begin, StringComparison.Ordinal)))
            && Fits(TraceIds, request.TraceId);
    }

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
