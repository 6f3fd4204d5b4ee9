using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Agent.Admin.Trace;

/// <summary>Who is at one end.</summary>
/// <param name="Policy">Null: it is no endpoint of this node.</param>
internal sealed record TraceEnd(string Name, uint Identity, string Labels, EndpointPolicy? Policy);
