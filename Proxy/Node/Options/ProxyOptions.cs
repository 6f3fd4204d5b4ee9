using System.Net;
using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Proxy.Listen;

namespace ClusterMesh.Proxy.Node.Options;

/// <summary>The node proxy's settings, checked.</summary>
/// <param name="PinDirectory">The node's maps.</param>
internal sealed record ProxyOptions(string Cluster, string Node, AgentOptions Agent, string PinDirectory, IPEndPoint Admin)
{
    public bool ClientSource { get; init; }

    public string? AdminSocket { get; init; }

    public ListenSettings Listen { get; init; } = new();

    /// <summary>A path, "-" or "off".</summary>
    public string AccessLog { get; init; } = "off";

    public Uri? Otlp { get; init; }

    public double TraceSample { get; init; } = 1;

    public TelemetryOptions Telemetry => new("clustermesh-proxy", Cluster, Otlp, TraceSample);

    public TimeSpan WarmUp { get; init; }

    public TimeSpan DrainTimeout { get; init; }
}
