using System.Net;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Lab.Tests.Control;

public sealed class ServiceDefaultsTests
{
    [Fact]
    public void Service_WithoutAnAddress_GetsAFreeOne() =>
        Assert.Equal(["10.96.0.11", "10.96.0.10", "10.96.0.12", "None", null], Addresses(
            Fill([Service("a"), Service("b", "clusterIP: 10.96.0.10"), Service("c"), Service("d", "clusterIP: None"), Service("e", "type: ExternalName")])));

    [Fact]
    public void Service_WithNodePorts_GetsFreeOnes()
    {
        var services = Fill([Service("a", "type: NodePort"), Service("b", "type: LoadBalancer, ports: [{ port: 1, nodePort: 30000 }, { port: 2 }]"), Service("c")]);
        Assert.Equal([30001, 30000, 30002, null], services.SelectMany(service => service.Items("spec", "ports")).Select(port => port.Number("nodePort")));
    }

    [Fact]
    public void Service_WrittenAgain_KeepsWhatItWasGiven()
    {
        var before = Fill([Service("a"), Service("b", "type: NodePort")]).ToDictionary(ObjectId.Of);
        var after = Fill([Service("c"), Service("b", "type: NodePort, sessionAffinity: ClientIP")], before);
        Assert.Equal(["10.96.0.10", "10.96.0.11"], Addresses(after));
        Assert.Equal(30000, after[1].Items("spec", "ports").Single().Number("nodePort"));
        Assert.Equal("ClientIP", after[1].Text("spec", "sessionAffinity"));
    }

    [Fact]
    public void Range_ThatIsFull_IsSaid() =>
        Assert.Throws<LabException>(() => new ServiceDefaults(IPNetwork.Parse("10.96.0.0/28")).Fill([.. Enumerable.Range(0, 7).Select(number => Service($"s{number}"))], new Dictionary<ObjectId, JsonObject>()));

    private static IReadOnlyList<JsonObject> Fill(IReadOnlyList<JsonObject> services, IReadOnlyDictionary<ObjectId, JsonObject>? before = null) =>
        new ServiceDefaults(IPNetwork.Parse("10.96.0.0/16")).Fill(services, before ?? new Dictionary<ObjectId, JsonObject>());

    private static IEnumerable<string?> Addresses(IEnumerable<JsonObject> services) => services.Select(service => service.Text("spec", "clusterIP"));

    private static JsonObject Service(string name, string spec = "type: ClusterIP") => Yaml.Service(name, spec.Contains("ports") ? $"{{ {spec} }}" : $"{{ {spec}, ports: [{{ port: 80 }}] }}");
}
