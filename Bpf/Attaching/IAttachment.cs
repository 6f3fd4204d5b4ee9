namespace ClusterMesh.Bpf.Attaching;

/// <summary>A way to put programs on interfaces, so that they stay when this process ends.</summary>
internal interface IAttachment
{
    /// <summary>Attaches, or swaps for the program that is there: each packet meets exactly one of the two.</summary>
    void Attach(Hook hook, int ifindex, int program);

    /// <summary>Nothing to detach is not an error.</summary>
    void Detach(Hook hook, int ifindex);
}
