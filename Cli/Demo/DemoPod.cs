using System.Net;

namespace ClusterMesh.Cli.Demo;

/// <summary>A backend that the manifests list and that the demo therefore starts.</summary>
internal sealed record DemoPod(string Cluster, string Name, string Service, string Version, IPEndPoint Address);
