namespace ClusterMesh.Cli.Echo;

/// <summary>Who an echo backend says it is.</summary>
internal sealed record EchoIdentity(string Service, string Version, string Cluster, string Pod);
