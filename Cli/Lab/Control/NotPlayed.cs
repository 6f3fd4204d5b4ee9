using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>What manifests ask for and nobody does in a lab. It is said once of each, and passed on to the agents all the same.</summary>
internal static class NotPlayed
{
    private static readonly HashSet<string> s_kinds =
    [
        "Pod", "Deployment", "Service", "Namespace", "EndpointSlice", "Secret", "Ingress", "IngressClass",
        "NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "CiliumCIDRGroup", "HTTPRoute", "ReferenceGrant",
    ];

    private static readonly HashSet<string> s_podFields =
    [
        "containers", "nodeName", "nodeSelector", "serviceAccountName", "serviceAccount", "terminationGracePeriodSeconds", "automountServiceAccountToken", "restartPolicy",
        "enableServiceLinks", "dnsPolicy",
    ];

    // An image has no meaning here and is no loss: a container without a command is an echo.
    private static readonly HashSet<string> s_containerFields = ["name", "image", "imagePullPolicy", "command", "args", "ports", "env", "lifecycle", "resources"];

    public static IReadOnlyList<string> In(IReadOnlyList<JsonObject> objects)
    {
        var kinds = objects.Select(theObject => ObjectId.Of(theObject).Kind).Where(kind => !s_kinds.Contains(kind));
        var specs = objects.Select(theObject => ObjectId.Of(theObject).Kind switch
        {
            "Pod" => theObject.At("spec"),
            "Deployment" => theObject.At("spec", "template", "spec"),
            _ => null,
        }).OfType<JsonObject>().ToList();
        var fields = specs.SelectMany(spec => Beyond(spec, s_podFields, "spec."))
            .Concat(specs.SelectMany(spec => spec.Items("containers")).OfType<JsonObject>().SelectMany(container => Beyond(container, s_containerFields, "spec.containers.")));
        return [.. Counted("", kinds), .. Counted("Pod ", fields)];
    }

    private static IEnumerable<string> Beyond(JsonObject node, HashSet<string> known, string path) => node.Select(pair => pair.Key).Where(key => !known.Contains(key)).Select(key => path + key);

    private static IEnumerable<string> Counted(string before, IEnumerable<string> words) =>
        words.GroupBy(word => word).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => FormattableString.Invariant($"{before}{same.Key} ({same.Count()})"));
}
