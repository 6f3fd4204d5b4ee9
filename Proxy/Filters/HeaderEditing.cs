using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Forward;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Filters;

/// <summary>RequestHeaderModifier and ResponseHeaderModifier.</summary>
internal static class HeaderEditing
{
    public static void Apply(HeaderEdits edits, HttpRequestMessage request)
    {
        foreach (var name in edits.Remove) Remove(request, name);
        foreach (var (name, value) in edits.Set)
        {
            Remove(request, name);
            RequestHeaders.Add(request, name, value);
        }

        foreach (var (name, value) in edits.Add) RequestHeaders.Add(request, name, value);
    }

    public static void Apply(HeaderEdits edits, IHeaderDictionary headers)
    {
        foreach (var name in edits.Remove) headers.Remove(name);
        foreach (var (name, value) in edits.Set) headers[name] = value;
        foreach (var (name, value) in edits.Add) headers.Append(name, value);
    }

    // Asked first: HttpClient throws for a name that it wants with the content.
    public static void Remove(HttpRequestMessage request, string name)
    {
        if (request.Headers.NonValidated.Contains(name)) request.Headers.Remove(name);
        else if (request.Content?.Headers.NonValidated.Contains(name) == true) request.Content.Headers.Remove(name);
        else ContentFields.Forget(request, name);
    }
}
