using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Publish.Export;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class ServiceExportTests
{
    private const string Key = "cilium/state/services/v1/c1/default/echo";

    [Fact]
    public void Export_GlobalService_IsCiliumsExampleByteForByte()
    {
        var endpoint = new Endpoint(["10.1.1.5"], Zone: "eu-1a", Hostname: "echo-0") { ForZones = ["eu-1a"] };

        Assert.Equal(
            """{"cluster":"c1","namespace":"default","name":"echo","frontends":{"10.96.0.10":{"http":{"Protocol":"TCP","Port":80}}},"backends":{"10.1.1.5":{"http":{"Protocol":"TCP","Port":8080}}},"hostnames":{"10.1.1.5":"echo-0"},"zones":{"10.1.1.5":{"zone":"eu-1a","forZones":[{"name":"eu-1a"}]}},"labels":{},"selector":{"app":"echo"},"includeExternal":true,"shared":true,"clusterID":1}""",
            Exported(Sample.Global("echo"), Sample.SliceOf("echo", [endpoint])));
    }

    [Fact]
    public void Export_HeadlessWithoutEndpoints_HasNoFrontendsNorBackends() => Assert.Equal(
        """{"cluster":"c1","namespace":"default","name":"echo","frontends":{},"backends":{},"labels":{},"selector":{"app":"echo"},"includeExternal":true,"shared":true,"clusterID":1}""",
        Exported(Sample.Global("echo") with { ClusterIP = "None" }));

    [Fact]
    public void Export_Maps_AreSortedAsGoWritesThem()
    {
        var slice = Sample.Slice("echo", "10.1.1.9", "10.1.1.10") with { Ports = [new("web", 8080), new("admin", 9090), new("dns", 53, "UDP"), new("any", null)] };

        Assert.Contains(
            ""","backends":{"10.1.1.10":{"admin":{"Protocol":"TCP","Port":9090},"dns":{"Protocol":"UDP","Port":53},"web":{"Protocol":"TCP","Port":8080}},"10.1.1.9":{""",
            Exported(Sample.Global("echo"), slice),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Export_TwoSlicesOfOneAddress_AreJoined() => Assert.Contains(
        ""","backends":{"10.1.1.5":{"admin":{"Protocol":"TCP","Port":9090},"http":{"Protocol":"TCP","Port":8080}}}""",
        Exported(Sample.Global("echo"), Sample.Slice("echo", "10.1.1.5"), Sample.Slice("echo", "10.1.1.5") with { Ports = [new("admin", 9090)] }),
        StringComparison.Ordinal);

    [Fact]
    public void Export_IPv6_IsWrittenAsGoWritesIt() => Assert.Contains(
        ""","backends":{"fd00::a":{""", Exported(Sample.Global("echo"), Sample.Slice("echo", "FD00:0::0A")), StringComparison.Ordinal);

    // ready, serving, terminating: cilium.md 1.6, ready or serving.
    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData(true, null, null, true)]
    [InlineData(false, null, null, false)]
    [InlineData(false, true, true, true)]
    [InlineData(false, false, true, false)]
    [InlineData(true, false, null, true)]
    [InlineData(null, false, null, true)]
    public void Export_Conditions_ReadyOrServingCounts(bool? ready, bool? serving, bool? terminating, bool counts) => Assert.Equal(
        counts, Exported(Sample.Global("echo"), Sample.SliceOf("echo", [new(["10.1.1.5"], ready, serving, terminating)])).Contains("10.1.1.5", StringComparison.Ordinal));

    [Theory]
    [InlineData("service.cilium.io/global", "true", null, null, true)]
    [InlineData("io.cilium/global-service", "True", null, null, true)]
    [InlineData("service.cilium.io/global", "false", null, null, false)]
    [InlineData("other", "true", null, null, false)]
    [InlineData("service.cilium.io/global", "true", "service.cilium.io/shared", "false", false)]
    [InlineData("service.cilium.io/global", "true", "io.cilium/shared-service", "false", false)]
    [InlineData("service.cilium.io/global", "true", "service.cilium.io/shared", "true", true)]
    public void Export_Annotations_GlobalAndSharedAreTold(string name, string value, string? second, string? secondValue, bool told)
    {
        var service = Sample.Global("echo") with { Meta = Sample.Meta("echo", "default", [(name, value), .. second is null ? [] : new[] { (second, secondValue!) }]) };

        Assert.Equal(told, Exports().Export(Sample.Objects([service])).Keys.ContainsKey(Key));
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData("false", true, false)]
    [InlineData("true", false, true)]
    [InlineData("odd", false, false)]
    public void Export_Namespace_ItsAnnotationOrTheDefaultDecides(string? annotation, bool byDefault, bool told)
    {
        var space = new NamespaceObject(Sample.Meta("default", "", annotation is null ? [] : [("clustermesh.cilium.io/global", annotation)]));
        var objects = Sample.Objects([Sample.Global("echo")]) with { Namespaces = [space] };

        Assert.Equal(told, new ServiceExports("c1", 1, byDefault).Export(objects).Keys.ContainsKey(Key));
    }

    [Fact]
    public void Export_ExternalName_IsNotTold() =>
        Assert.Empty(Exports().Export(Sample.Objects([Sample.Global("echo") with { Type = "ExternalName", ClusterIP = null }])).Keys);

    [Fact]
    public void Export_OtherServiceChanged_GivesTheSameMemory()
    {
        var exports = Exports();
        var (echo, slice) = (Sample.Global("echo"), Sample.Slice("echo", "10.1.1.5"));
        var first = exports.Export(Sample.Objects([echo, Sample.Global("a")], [slice])).Keys[Key];

        Assert.Equal(first, exports.Export(Sample.Objects([echo, Sample.Global("a")], [slice])).Keys[Key]);
        Assert.NotEqual(first, exports.Export(Sample.Objects([echo], [slice with { }])).Keys[Key]);
    }

    [Fact]
    public void Export_TooManyBackends_AreReportedAndTheOldRecordIsLeft()
    {
        var addresses = Enumerable.Range(0, 40_000).Select(n => $"10.{n >> 16}.{(n >> 8) & 255}.{n & 255}").ToArray();
        var exported = Exports().Export(Sample.Objects([Sample.Global("echo")], [Sample.Slice("echo", addresses)]));

        Assert.Null(Assert.Single(exported.Keys).Value);
        var problem = Assert.Single(exported.Problems);
        Assert.Equal(("Service default/echo", "other clusters keep the last one that fitted"), (problem.Subject, problem.Instead));
    }

    private static ServiceExports Exports() => new("c1", 1, globalByDefault: true);

    private static string Exported(ServiceObject service, params EndpointSliceObject[] slices)
    {
        var exported = Exports().Export(Sample.Objects([service], slices));
        Assert.Empty(exported.Problems);
        return Sample.Text(exported.Keys[Key]);
    }
}
