namespace ClusterMesh.Mesh.Services;

/// <summary>Address and port chosen to serve a request, of one cluster (design.md: backend).</summary>
public sealed record Backend(
    string Cluster,
    string Address,
    int Port,
    BackendState State = BackendState.Active,
    string? Zone = null,
    string? Node = null,
    string? Pod = null)
{
    /// <summary>"10.1.1.5:8080" or "[fd00::5]:8080".</summary>
    public string Authority { get; } = Address.Contains(':') ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}

/// <summary>What the EndpointSlice says (cilium.md 3.4): only Active takes new requests while there is one.</summary>
public enum BackendState
{
    /// <summary>ready, or the condition is missing.</summary>
    Active,

    /// <summary>Not ready, serving and terminating: last resort for new requests.</summary>
    Terminating,

    /// <summary>Known but takes nothing; it counts as a missing one for min-healthy.</summary>
    NotReady,
}
