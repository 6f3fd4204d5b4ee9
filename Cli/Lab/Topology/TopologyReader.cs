using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Echo;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Cli.Lab.Topology;

/// <summary>Reads a topology file; anything in it that is not known is refused, as it would be missed later.</summary>
internal sealed class TopologyReader
{
    private static readonly IPNetwork s_services = IPNetwork.Parse("10.96.0.0/16");

    private readonly string _file;
    private readonly string _directory;

    private TopologyReader(string file) => (_file, _directory) = (file, Path.GetDirectoryName(Path.GetFullPath(file))!);

    /// <exception cref="LabException">The message names the file and the field.</exception>
    public static LabTopology Read(string file)
    {
        try
        {
            return ReadText(File.ReadAllText(file), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"topology: {error.Message}", error);
        }
    }

    /// <param name="file">What its paths are relative to, and what messages name.</param>
    /// <exception cref="LabException"/>
    public static LabTopology ReadText(string text, string file)
    {
        var documents = YamlJson.Read(text, file);
        return documents is [JsonObject root] ? new TopologyReader(file).Topology(root) : throw new LabException($"{file}: one map is expected, with clusters in it");
    }

    private LabTopology Topology(JsonObject root)
    {
        OnlyKnown(root, "", "clusters", "routing", "wan");
        var clusters = root["clusters"] is JsonArray { Count: > 0 } list ? list : throw Wrong("clusters", "a list with at least one is needed");
        var routing = root.Text("routing") ?? "tunnel";
        if (!LabTopology.Routings.Contains(routing)) throw Wrong("routing", $"'{routing}' is not one of {string.Join(", ", LabTopology.Routings)}");
        var topology = new LabTopology([.. clusters.Select((node, at) => Cluster(Map(node, $"clusters[{at}]"), at))], routing, Wan(root));
        if (TopologyConflicts.In(topology) is { } conflict) throw Wrong("clusters", conflict);
        return topology;
    }

    private ClusterPlan Cluster(JsonObject node, int at)
    {
        var field = $"clusters[{at}]";
        OnlyKnown(node, field, "name", "id", "nodes", "podCIDR", "serviceCIDR", "manifests", "gateways");
        var name = node.Text("name") ?? throw Wrong($"{field}.name", "is needed");
        if (ClusterIdentity.NameError(name) is { } nameError) throw Wrong($"{field}.name", nameError);
        var id = node.Number("id") ?? at + 1;
        if (ClusterIdentity.IdError(id) is { } idError) throw Wrong($"{field}.id", idError);
        var nodes = node["nodes"] is null ? 1 : node.Number("nodes") is { } count and >= 1 and <= ClusterPlan.MaxNodes ? count : throw Wrong($"{field}.nodes", $"a number from 1 to {ClusterPlan.MaxNodes} is expected");
        var pods = Network(node, field, "podCIDR") ?? throw Wrong($"{field}.podCIDR", "is needed, such as 10.1.0.0/16");
        return new(name, id, nodes, pods, Network(node, field, "serviceCIDR") ?? s_services, Manifests(node, field)) { Gateways = Gateways(node, field) };
    }

    private bool Gateways(JsonObject node, string field) => node.Text("gateways") switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Wrong($"{field}.gateways", $"'{text}' is not true or false"),
    };

    private ImmutableArray<string> Manifests(JsonObject node, string field)
    {
        var paths = node["manifests"] is JsonArray list ? list.Select(item => item?.ToString() ?? "") : node.Text("manifests") is { } one ? [one] : [];
        return [.. paths.Select(path => Path.GetFullPath(path, _directory)).Select(path => Path.Exists(path) ? path : throw Wrong($"{field}.manifests", $"{path} is not there"))];
    }

    private IPNetwork? Network(JsonObject node, string field, string key)
    {
        if (node.Text(key) is not { } text) return null;
        return IPNetwork.TryParse(text, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            ? network
            : throw Wrong($"{field}.{key}", $"'{text}' is not an IPv4 network such as 10.1.0.0/16");
    }

    private LinkFault Wan(JsonObject root)
    {
        if (root["wan"] is null) return default;
        var wan = Map(root["wan"], "wan");
        OnlyKnown(wan, "wan", "delay", "loss");
        var (delay, loss) = (TimeSpan.Zero, 0.0);
        if (wan.Text("delay") is { } wait && !Duration.TryParse(wait, out delay)) throw Wrong("wan.delay", $"'{wait}' is not a time such as 20ms");
        if (wan.Text("loss") is { } share && !LinkFault.TryParseLoss(share, out loss)) throw Wrong("wan.loss", $"'{share}' is not a share such as 1%");
        return new(delay, loss);
    }

    private void OnlyKnown(JsonObject node, string field, params string[] known)
    {
        if (node.FirstOrDefault(pair => !known.Contains(pair.Key)) is { Key: { } unknown })
            throw Wrong(field.Length == 0 ? unknown : $"{field}.{unknown}", $"is not known here; known are {string.Join(", ", known)}");
    }

    private JsonObject Map(JsonNode? node, string field) => node as JsonObject ?? throw Wrong(field, "a map is expected");

    private LabException Wrong(string field, string why) => new($"{_file}: {field}: {why}");
}
