using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Mesh.Policy;

/// <summary>An endpoint of this node with the policy that the kernel has for it.</summary>
/// <param name="Id">1..65535, as in the kernel.</param>
/// <param name="Identity">0 = not known yet; then nothing is allowed that no policy allows.</param>
/// <param name="Subject">Endpoints of equal subjects have the same policy once the kernel has taken it for all of them. Nothing more can be read from it.</param>
public sealed record NodeEndpoint(uint Id, IPAddress Address, ObjectKey Pod, uint Identity, string Subject, EndpointPolicy Policy);
