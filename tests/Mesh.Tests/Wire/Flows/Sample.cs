using System.Net;
using ClusterMesh.Mesh.Wire.Flows;

namespace ClusterMesh.Mesh.Tests.Wire.Flows;

internal static class Sample
{
    public static readonly RequestKind Kind = new(IPAddress.Parse("10.1.0.5"), 65836, IPAddress.Parse("10.2.0.7"), "east", "GET", 200, "affinity", false);

    public static readonly RequestFlow Flow = new(Kind)
    {
        Time = new(2026, 1, 1, 12, 0, 0, 250, TimeSpan.Zero),
        Latency = TimeSpan.FromMicroseconds(3_250),
        SourcePort = 41_000,
        DestinationPort = 8080,
        Asked = new(IPAddress.Parse("10.96.0.1"), 80),
        Method = "GET",
        Host = "rebel-base.demo",
        Path = "/death-star",
        Protocol = "HTTP/1.1",
        Target = "demo/rebel-base:80",
        Split = "only",
        Pool = "affinity",
        End = "ok",
        PolicyRule = "CiliumNetworkPolicy demo/x spec.egress[0]",
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        Attempts = 2,
    };
}
