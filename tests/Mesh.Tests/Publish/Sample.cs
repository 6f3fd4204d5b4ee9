using System.Text;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Publish;

/// <summary>Objects of the cluster c1 that more than one test publishes.</summary>
internal static class Sample
{
    public static readonly PublishConfig Config = new("c1", 1, "n1", ["172.18.0.2"]);

    public static ObjectMeta Meta(string name, string ns = "default", params (string, string)[] annotations) =>
        new(new(ns, name), ObjectMeta.None, annotations.ToDictionary(pair => pair.Item1, pair => pair.Item2));

    public static ServiceObject Global(string name, string ns = "default", params (string, string)[] more) =>
        new(Meta(name, ns, [("service.cilium.io/global", "true"), .. more]), [new("http", 80)], "10.96.0.10") { Selector = new Dictionary<string, string> { ["app"] = name } };

    public static EndpointSliceObject Slice(string service, params string[] addresses) => SliceOf(service, [.. addresses.Select(address => new Endpoint([address]))]);

    public static EndpointSliceObject SliceOf(string service, Endpoint[] endpoints, string ns = "default") =>
        new(Meta(service + "-1", ns), service, "IPv4", endpoints, [new("http", 8080)]);

    public static PodObject Pod(string name, string ip, string node = "n1", params (string, string)[] labels) =>
        new(new(new("default", name), labels.ToDictionary(pair => pair.Item1, pair => pair.Item2), ObjectMeta.None), node, [ip]) { Ports = [new("http", 8080)] };

    public static ClusterObjects Objects(IEnumerable<ServiceObject>? services = null, IEnumerable<EndpointSliceObject>? slices = null, params PodObject[] pods) => new("c1")
    {
        Services = (services ?? []).ToDictionary(service => service.Key),
        Slices = (slices ?? []).ToLookup(slice => slice.Service),
        Pods = pods,
    };

    public static string Text(ReadOnlyMemory<byte>? value) => Encoding.UTF8.GetString(value!.Value.Span);
}
