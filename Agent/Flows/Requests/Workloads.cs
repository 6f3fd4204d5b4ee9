using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Flows.Requests;

/// <summary>
/// Whose pods they are, as Hubble's workload-name|app has it. Nobody tells an agent the owners of pods, so it is the pod's name less what
/// Kubernetes' controllers append; where they appended nothing the label app, else the pod's name.
/// </summary>
internal static partial class Workloads
{
    private const string Reserved = "reserved:", Space = "k8s:io.kubernetes.pod.namespace=";

    private static readonly string[] s_app = ["k8s:app.kubernetes.io/name=", "k8s:app=", "k8s:k8s-app="];

    public static string NameOf(FlowPeer peer)
    {
        if (peer.Pod is { } pod && Appended().Match(pod) is { Success: true, Index: > 0 and var end }) return pod[..end];
        return s_app.Select(app => Value(peer, app)).FirstOrDefault(value => value is { Length: > 0 }) ?? peer.Pod ?? Value(peer, Reserved) ?? "unknown";
    }

    /// <summary>Empty for who is no pod.</summary>
    public static string NamespaceOf(FlowPeer peer) => peer.Namespace ?? Value(peer, Space) ?? "";

    private static string? Value(FlowPeer peer, string label) => peer.Labels.FirstOrDefault(text => text.StartsWith(label, StringComparison.Ordinal))?[label.Length..];

    // Of a Deployment, of a DaemonSet or Job, of a StatefulSet; in the alphabet of k8s.io/apimachinery's rand.
    [GeneratedRegex("(-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}|-[bcdfghjklmnpqrstvwxz2456789]{5}|-[0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Appended();
}
