namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>What is taken from one remote at most: far above Cilium's published scale (cilium.md 1.8), far below our memory.</summary>
internal static class RemoteLimits
{
    /// <summary>In bytes. etcd itself takes 1.5 MiB unless told otherwise.</summary>
    public const int Value = 2 * 1024 * 1024;

    public static int Keys(RemotePart part) => part switch
    {
        RemotePart.Nodes => 20_000,
        RemotePart.Services => 100_000,
        RemotePart.Identities => 65_536,
        _ => 1_000_000,
    };
}
