using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Lab.Tests.Control;

public sealed class EndpointSlicesTests
{
    private const string Web = "{ selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http }, { name: dns, port: 53, protocol: UDP }] }";

    [Fact]
    public void Slice_OfAService_HasThePodsThatItSelects()
    {
        var slice = Assert.Single(Of(Web, Pod("b"), Pod("a"), Pod("other", labels: "{ app: other }"), Pod("foreign", space: "elsewhere")));
        Assert.Equal("web", slice.Text("metadata", "labels", "kubernetes.io/service-name"));
        Assert.Equal(["http 8080 TCP", "dns 53 UDP"], slice.Items("ports").Select(port => $"{port.Text("name")} {port.Text("port")} {port.Text("protocol")}"));
        Assert.Equal(["a", "b"], slice.Items("endpoints").Select(endpoint => endpoint.Text("targetRef", "name")));
        Assert.Equal("node-1", slice.Items("endpoints").First().Text("nodeName"));
    }

    [Theory]
    [InlineData(true, false, "true true false")]
    [InlineData(false, false, "false false false")]
    [InlineData(true, true, "false true true")]
    public void Endpoint_OfAPod_SaysHowItIs(bool ready, bool terminating, string expected)
    {
        var slice = Assert.Single(Of(Web, Pod("a") with { Ready = ready, Terminating = terminating }));
        var conditions = slice.Items("endpoints").Single().At("conditions");
        Assert.Equal(expected, $"{conditions.Text("ready")} {conditions.Text("serving")} {conditions.Text("terminating")}");
    }

    [Fact]
    public void Pods_WithOtherNumbersForAPort_HaveASliceOfTheirOwn()
    {
        var slices = Of(Web, Pod("a"), Pod("b", port: 9090), Pod("c", port: null)).ToList();
        Assert.Equal(["web-1: 8080,53", "web-2: 9090,53", "web-3: 53"], slices.Select(slice => $"{slice.Text("metadata", "name")}: {string.Join(',', slice.Items("ports").Select(port => port.Text("port")))}"));
    }

    [Theory]
    [InlineData("{ ports: [{ port: 80 }] }")]
    [InlineData("{ selector: { app: nobody }, ports: [{ port: 80 }] }")]
    public void Service_WithoutPodsOfItsOwn_HasNoSlice(string spec) => Assert.Empty(Of(spec, Pod("a")));

    private static IEnumerable<JsonObject> Of(string service, params PodView[] pods) => EndpointSlices.Of(Yaml.Service("web", service), pods);

    private static PodView Pod(string name, string space = "default", string labels = "{ app: web }", int? port = 8080)
    {
        var spec = port is null ? "{ containers: [] }" : $"{{ containers: [{{ ports: [{{ name: http, containerPort: {port} }}] }}] }}";
        return new(new(new(space, name), Yaml.Pod(name, spec, labels)), "node-1", "10.1.1.11", Ready: true, Terminating: false);
    }
}
