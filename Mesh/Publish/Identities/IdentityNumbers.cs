using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>Which numbers to try, in which order.</summary>
internal static class IdentityNumbers
{
    /// <summary>
    /// Free numbers of the cluster from a random one on, so that agents which allocate at the same time rarely try the same; the last
    /// one before it comes last.
    /// </summary>
    public static IEnumerable<uint> Free(int clusterId, Func<uint, bool> isFree, IChance chance)
    {
        var (first, last) = NumericIdentity.RangeOf(clusterId);
        var count = last - first + 1;
        var start = (uint)(chance.Next() % count);
        for (uint step = 0; step < count; step++)
        {
            var id = first + ((start + step) % count);
            if (isFree(id)) yield return id;
        }
    }
}
