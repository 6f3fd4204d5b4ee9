using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>What policies ask to be done to a request's headers (cilium.md 4: mismatch actions).</summary>
internal static class PolicyEdits
{
    public static void Apply(ImmutableArray<HeaderEdit> edits, HttpRequestMessage request)
    {
        foreach (var edit in edits)
        {
            if (edit.Action is HeaderMismatch.Delete or HeaderMismatch.Replace) Remove(request, edit.Name);
            if (edit.Action is not (HeaderMismatch.Add or HeaderMismatch.Replace)) continue;
            if (!request.Headers.TryAddWithoutValidation(edit.Name, edit.Value)) request.Content?.Headers.TryAddWithoutValidation(edit.Name, edit.Value);
        }
    }

    private static void Remove(HttpRequestMessage request, string name)
    {
        // Of a content's headers the request's collection refuses even the question.
        if (request.Headers.NonValidated.Contains(name)) request.Headers.Remove(name);
        else if (request.Content?.Headers.NonValidated.Contains(name) == true) request.Content.Headers.Remove(name);
    }
}
