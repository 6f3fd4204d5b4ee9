namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>
/// What rules may ask about a request (as Envoy's :method, :path, :authority): those of its sender as it was sent, before a route rewrote a
/// part, and those of its receiver as that one sees it.
/// </summary>
public interface IHttpFacts
{
    string Method { get; }

    /// <summary>With the query, in the normal form that is forwarded: what is matched is what the backend sees.</summary>
    string Path { get; }

    /// <summary>Host or :authority with the port, if one was sent; never changed in case.</summary>
    string Host { get; }

    /// <summary>Null = not sent; several of that name are joined by ",". Names have no case.</summary>
    string? Header(string name);
}
