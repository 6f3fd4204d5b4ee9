namespace ClusterMesh.Mesh;

/// <summary>Chance, injected: tests replay a seed. Safe to call from many threads.</summary>
public interface IChance
{
    /// <summary>64 random bits; not for secrets.</summary>
    ulong Next();
}
