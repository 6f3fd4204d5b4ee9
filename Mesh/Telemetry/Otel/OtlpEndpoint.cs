using OpenTelemetry.Exporter;

namespace ClusterMesh.Mesh.Telemetry.Otel;

/// <summary>Where telemetry is pushed to and how: HTTP with protobuf, or gRPC where the port or the standard variable says so.</summary>
public sealed record OtlpEndpoint(Uri Address, bool Grpc)
{
    public const string AddressVariable = "OTEL_EXPORTER_OTLP_ENDPOINT", ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const int GrpcPort = 4317;

    /// <param name="set">What the operator set; it comes before the standard variable.</param>
    /// <param name="problem">What is wrong with the variable; nothing is pushed then.</param>
    /// <returns>Null = nothing is pushed.</returns>
    public static OtlpEndpoint? Find(Uri? set, Func<string, string?> environment, out string? problem)
    {
        problem = null;
        if (set is null && environment(AddressVariable) is { Length: > 0 } text)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out set) || set.Scheme is not ("http" or "https"))
            {
                problem = $"{AddressVariable}: \"{text}\" is not an http or https address; no telemetry is pushed";
                return null;
            }
        }

        return set is null ? null : new(set, environment(ProtocolVariable) is { Length: > 0 } protocol ? protocol == "grpc" : set.Port == GrpcPort);
    }

    /// <param name="signal">traces, metrics or logs.</param>
    public void Configure(OtlpExporterOptions options, string signal)
    {
        options.Protocol = Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        // Given in code, the address is taken as it is: the signal's path is ours to add.
        options.Endpoint = Grpc ? Address : new Uri($"{Address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/{signal}");
    }
}
