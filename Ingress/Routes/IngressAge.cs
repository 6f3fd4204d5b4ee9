using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Oldest first: who was there first wins a conflict. Without a creation time an Ingress counts as newest; names break ties.</summary>
internal sealed class IngressAge : IComparer<IngressObject>
{
    public static readonly IngressAge OldestFirst = new();

    public int Compare(IngressObject? x, IngressObject? y)
    {
        var byTime = Created(x!).CompareTo(Created(y!));
        return byTime != 0 ? byTime : x!.Key.CompareTo(y!.Key);
    }

    private static DateTimeOffset Created(IngressObject ingress) => ingress.Meta.CreationTimestamp ?? DateTimeOffset.MaxValue;
}
