namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>What rules may ask about a request: as the client sent it, before anybody rewrote a part (as Envoy's :method, :path, :authority).</summary>
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
