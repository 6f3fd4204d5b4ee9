using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>The parts of a remote's state; each is a prefix with a canary of its own.</summary>
internal enum RemotePart
{
    Nodes,
    Services,
    Identities,
    Ips,
}

internal static class RemoteParts
{
    public static ImmutableArray<RemotePart> All { get; } = [RemotePart.Nodes, RemotePart.Services, RemotePart.Identities, RemotePart.Ips];

    /// <summary>For people, and what Cilium's status calls them.</summary>
    public static string Text(this RemotePart part) => part switch
    {
        RemotePart.Nodes => "nodes",
        RemotePart.Services => "services",
        RemotePart.Identities => "identities",
        _ => "endpoints",
    };
}
