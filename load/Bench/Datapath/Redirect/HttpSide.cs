using System.Net;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>One way to the backend: where the client connects to, and the proxy that is there.</summary>
/// <param name="Closing">A connection for each request; else all on a few.</param>
internal sealed record HttpSide(string Name, IPEndPoint Target, NetnsProcess Proxy, bool Closing);
