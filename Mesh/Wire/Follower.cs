namespace ClusterMesh.Mesh.Wire;

/// <summary>What somebody who follows an agent's snapshots is told besides the services.</summary>
[Flags]
public enum Follower
{
    /// <summary>Services and their backends alone.</summary>
    Services = 0,

    /// <summary>Ingresses, their classes, TLS certificates.</summary>
    Edge = 1,

    /// <summary>A node's proxy: HTTPRoutes and ReferenceGrants.</summary>
    Node = 2,
}
