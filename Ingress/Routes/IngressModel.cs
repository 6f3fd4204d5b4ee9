using System.Collections.Immutable;
using ClusterMesh.Ingress.Tls;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>All that the edge serves by, compiled from one moment's objects.</summary>
internal sealed record IngressModel(RouteTable Routes, CertificateTable Certificates, ImmutableArray<Problem> Problems);
