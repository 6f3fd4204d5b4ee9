using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Cli.Lab;

/// <summary>There is no DNS in a lab: where the Services of a pod's namespace are is in its environment, as Kubernetes' service links have it.</summary>
internal static class ExecEnvironment
{
    /// <param name="target">As in `lab exec`; only a pod has a namespace, others get those of every namespace of the first cluster.</param>
    public static IReadOnlyDictionary<string, string> Of(LabState state, string target)
    {
        var pod = state.Pods.FirstOrDefault(pod => $"{pod.Cluster}/{pod.Namespace}/{pod.Name}".EndsWith(target, StringComparison.Ordinal));
        var node = state.Nodes.FirstOrDefault(node => target == $"node:{node.Name}" || node.Cluster == pod?.Cluster) ?? state.Nodes[0];
        return Of(Services(node.Manifests), pod?.Namespace);
    }

    /// <param name="space">Null = all.</param>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<JsonObject> services, string? space)
    {
        var variables = new Dictionary<string, string>();
        foreach (var service in services)
        {
            var id = ObjectId.Of(service);
            if (id.Kind != "Service" || (space is not null && id.Key.Namespace != space) || service.Text("spec", "clusterIP") is not { } address || address == "None") continue;
            var prefix = id.Key.Name.Replace('-', '_').Replace('.', '_').ToUpperInvariant();
            variables.TryAdd($"{prefix}_SERVICE_HOST", address);
            if (service.Items("spec", "ports").FirstOrDefault().Number("port") is { } port) variables.TryAdd($"{prefix}_SERVICE_PORT", FormattableString.Invariant($"{port}"));
        }

        return variables;
    }

    private static IEnumerable<JsonObject> Services(string manifests)
    {
        foreach (var file in Directory.EnumerateFiles(manifests, "service.*.json").Order(StringComparer.Ordinal))
        {
            JsonNode? read = null;
            try
            {
                read = JsonNode.Parse(File.ReadAllText(file));
            }
            catch (Exception error) when (error is IOException or JsonException)
            {
                // It went away this moment.
            }

            if (read is JsonObject service) yield return service;
        }
    }
}
