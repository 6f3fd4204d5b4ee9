using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Routes;

/// <summary>
/// What the last routes were made of. Most changes are backends that come and go: no route depends on them, so nothing is compiled again.
/// </summary>
/// <param name="kinds">The source's objects that routes are made of, besides services. Who reads them anew has another list.</param>
public sealed class RouteInputs(params Func<ClusterObjects, object>[] kinds)
{
    private MeshSnapshot? _last;

    /// <summary>Whether the last routes are also those of this snapshot. It is remembered in both cases: what it does not cover is to be compiled.</summary>
    public bool Covers(MeshSnapshot mesh)
    {
        var last = _last;
        _last = mesh;
        return last is not null && mesh.Version == last.Version + 1 && !mesh.Changed.IsDefault
            && Array.TrueForAll(kinds, kind => ReferenceEquals(kind(last.Local), kind(mesh.Local)))
            && mesh.Changed.All(key => ReferenceEquals(ObjectOf(last, key), ObjectOf(mesh, key)));
    }

    private static ServiceObject? ObjectOf(MeshSnapshot mesh, ObjectKey key) => mesh.Services.GetValueOrDefault(key)?.Object;
}
