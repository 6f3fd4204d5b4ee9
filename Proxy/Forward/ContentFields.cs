using Microsoft.Extensions.Primitives;

namespace ClusterMesh.Proxy.Forward;

/// <summary>
/// Fields that HttpClient ties to a content (Content-Type, Expires and their like), of a request without a body. YARP lets
/// nobody but itself set a content, so they are kept aside until it has handed the request on.
/// </summary>
internal static class ContentFields
{
    private static readonly HttpRequestOptionsKey<List<(string Name, StringValues Values)>> s_key = new("clustermesh.content-fields");

    public static void Keep(HttpRequestMessage request, string name, StringValues values)
    {
        if (!request.Options.TryGetValue(s_key, out var kept)) request.Options.Set(s_key, kept = []);
        kept.Add((name, values));
    }

    public static void Forget(HttpRequestMessage request, string name)
    {
        if (request.Options.TryGetValue(s_key, out var kept)) kept.RemoveAll(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    public static void Restore(HttpRequestMessage request)
    {
        // A tunnel has no content, whatever it says.
        if (!request.Options.TryGetValue(s_key, out var kept) || request.Headers.Upgrade.Count > 0 || request.Method == HttpMethod.Connect) return;
        request.Content ??= new ByteArrayContent([]);
        foreach (var (name, values) in kept) request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
    }
}
