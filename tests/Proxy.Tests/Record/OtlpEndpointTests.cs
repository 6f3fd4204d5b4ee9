using ClusterMesh.Mesh.Telemetry.Otel;
using OpenTelemetry.Exporter;

namespace ClusterMesh.Proxy.Tests.Record;

public sealed class OtlpEndpointTests
{
    [Theory]
    [InlineData("http://c:4318", null, null, "http://c:4318/v1/traces", false)]
    [InlineData("http://c:4318/", null, null, "http://c:4318/v1/traces", false)]
    [InlineData("https://c/otlp", null, null, "https://c/otlp/v1/traces", false)]
    [InlineData("http://c:4317", null, null, "http://c:4317/", true)]
    [InlineData("http://c:9999", null, "grpc", "http://c:9999/", true)]
    [InlineData("http://c:4317", null, "http/protobuf", "http://c:4317/v1/traces", false)]
    [InlineData("http://flag:4318", "http://env:4318", null, "http://flag:4318/v1/traces", false)]
    [InlineData(null, "http://env:4318", null, "http://env:4318/v1/traces", false)]
    public void Find_FlagAndVariables_GiveAddressAndProtocol(string? flag, string? variable, string? protocol, string expected, bool grpc)
    {
        var found = OtlpEndpoint.Find(flag is null ? null : new(flag), Environment(variable, protocol), out var problem);
        var options = new OtlpExporterOptions();
        found!.Configure(options, "traces");
        Assert.Null(problem);
        Assert.Equal(expected, options.Endpoint.ToString());
        Assert.Equal(grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf, options.Protocol);
    }

    [Fact]
    public void Find_NothingSet_PushesNothing()
    {
        Assert.Null(OtlpEndpoint.Find(null, Environment(null, null), out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("collector")]
    [InlineData("ftp://c")]
    public void Find_VariableIsNoAddress_SaysSo(string variable)
    {
        Assert.Null(OtlpEndpoint.Find(null, Environment(variable, null), out var problem));
        Assert.Equal($"OTEL_EXPORTER_OTLP_ENDPOINT: \"{variable}\" is not an http or https address; no telemetry is pushed", problem);
    }

    private static Func<string, string?> Environment(string? address, string? protocol) => name => name switch
    {
        OtlpEndpoint.AddressVariable => address,
        OtlpEndpoint.ProtocolVariable => protocol,
        _ => null,
    };
}
