using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>What the last routes were made of. Most changes are backends that come and go, on which no route depends.</summary>
internal sealed class MeshRouteInputs
{
    private MeshSnapshot? _last;

    /// <summary>Whether the last routes are also those of this snapshot; it is remembered then.</summary>
    public bool Covers(MeshSnapshot mesh)
    {
        if (_last is not { } last || mesh.Version != last.Version + 1 || mesh.Changed.IsDefault || !SameObjects(last.Local, mesh.Local)) return false;
        foreach (var key in mesh.Changed)
        {
            if (!ReferenceEquals(ObjectOf(last, key), ObjectOf(mesh, key))) return false;
        }

        _last = mesh;
        return true;
    }

    public void Take(MeshSnapshot mesh) => _last = mesh;

    private static bool SameObjects(ClusterObjects before, ClusterObjects now) =>
        ReferenceEquals(before.HttpRoutes, now.HttpRoutes) && ReferenceEquals(before.ReferenceGrants, now.ReferenceGrants);

    private static ServiceObject? ObjectOf(MeshSnapshot mesh, ObjectKey key) => mesh.Services.GetValueOrDefault(key)?.Object;
}
