namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>A request that somebody wrote down.</summary>
/// <param name="Headers">By name without case.</param>
public sealed record HttpFacts(string Method, string Path, string Host, IReadOnlyDictionary<string, string> Headers) : IHttpFacts
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
