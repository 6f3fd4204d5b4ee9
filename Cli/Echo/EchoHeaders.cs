namespace ClusterMesh.Cli.Echo;

/// <summary>The response headers by which a client learns who answered.</summary>
internal static class EchoHeaders
{
    public const string Service = "x-echo-service";
    public const string Version = "x-echo-version";
    public const string Cluster = "x-echo-cluster";
    public const string Pod = "x-echo-pod";
}
