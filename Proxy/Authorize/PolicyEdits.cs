using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Filters;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>What policies ask to be done to a request's headers (cilium.md 4: mismatch actions).</summary>
internal static class PolicyEdits
{
    public static void Apply(ImmutableArray<HeaderEdit> edits, HttpRequestMessage request)
    {
        foreach (var edit in edits)
        {
            if (edit.Action is HeaderMismatch.Delete or HeaderMismatch.Replace) HeaderEditing.Remove(request, edit.Name);
            if (edit.Action is HeaderMismatch.Add or HeaderMismatch.Replace) RequestHeaders.Add(request, edit.Name, edit.Value);
        }
    }
}
