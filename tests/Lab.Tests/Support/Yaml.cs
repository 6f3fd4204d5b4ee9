using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Lab.Tests;

/// <summary>Objects as tests write them.</summary>
internal static class Yaml
{
    public static IReadOnlyList<JsonObject> Objects(string yaml) => ManifestReader.ReadText(yaml, "test.yaml");

    public static JsonObject Object(string yaml) => Assert.Single(Objects(yaml));

    public static JsonObject Pod(string name, string spec = "{ containers: [] }", string labels = "{}") =>
        Object($"{{ apiVersion: v1, kind: Pod, metadata: {{ name: {name}, labels: {labels} }}, spec: {spec} }}");

    public static JsonObject Service(string name, string spec) => Object($"{{ apiVersion: v1, kind: Service, metadata: {{ name: {name} }}, spec: {spec} }}");
}
