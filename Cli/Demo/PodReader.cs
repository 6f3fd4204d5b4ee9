using System.Net;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterMesh.Cli.Demo;

/// <summary>
/// Reads which pods a cluster's manifests list: the endpoints of every EndpointSlice that has the labels app and version.
/// Slices without a version are other services over the same pods.
/// </summary>
internal static class PodReader
{
    public static IReadOnlyList<DemoPod> Read(string cluster, string directory) =>
        [.. Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(file => Documents(file).SelectMany(slice => Pods(cluster, slice)))
            .DistinctBy(pod => pod.Name)];

    private static IEnumerable<YamlMappingNode> Documents(string file)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = File.OpenText(file);
            stream.Load(reader);
        }
        catch (YamlException error)
        {
            throw new DemoException($"{file}: {error.Message}", error);
        }

        return stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()
            .Where(document => Text(document, "kind") == "EndpointSlice");
    }

    private static IEnumerable<DemoPod> Pods(string cluster, YamlMappingNode slice)
    {
        var labels = At(slice, "metadata", "labels");
        if (Text(labels, "version") is not { } version || Text(labels, "app") is not { } app)
            yield break;
        var port = int.Parse(Text(Items(slice, "ports").Single(), "port")!, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var endpoint in Items(slice, "endpoints"))
        {
            var address = IPAddress.Parse(((YamlScalarNode)((YamlSequenceNode)endpoint["addresses"])[0]).Value!);
            yield return new(cluster, Text(At(endpoint, "targetRef"), "name")!, app, version, new(address, port));
        }
    }

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) && value is YamlSequenceNode items ? items.OfType<YamlMappingNode>() : [];

    private static YamlMappingNode? At(YamlMappingNode node, params string[] keys) =>
        keys.Aggregate((YamlMappingNode?)node, (at, key) => at is not null && at.Children.TryGetValue(key, out var value) ? value as YamlMappingNode : null);

    private static string? Text(YamlMappingNode? node, string key) =>
        node is not null && node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;
}
