namespace ClusterMesh.Mesh.Objects;

/// <summary>v1 Service.</summary>
/// <param name="ClusterIP">"None" = headless; null = not assigned (manifests that no API server has seen).</param>
public sealed record ServiceObject(
    ObjectMeta Meta,
    IReadOnlyList<ServicePort> Ports,
    string? ClusterIP = null,
    string Type = "ClusterIP") : KubernetesObject(Meta)
{
    /// <summary>spec.selector; empty where endpoints are written by hand.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; init; } = ObjectMeta.None;

    /// <summary>Where it is reached besides its cluster IP, and on whose terms.</summary>
    public ServiceExposure Exposure { get; init; } = ServiceExposure.None;

    /// <summary>sessionAffinity ClientIP: how long a client stays with its backend; null = sessionAffinity None.</summary>
    public TimeSpan? ClientAffinity { get; init; }

    /// <summary>internalTrafficPolicy Local: the cluster IP leads to backends of the asking node only.</summary>
    public bool InternalLocal { get; init; }

    public override string Kind => "Service";

    /// <summary>A headless Service (clusterIP: None) balances nothing in the kernel; at L7 its endpoints still serve.</summary>
    public bool Headless => ClusterIP == "None";
}

/// <summary>One port of a Service. <c>Name</c> is empty where there is a single unnamed port.</summary>
public sealed record ServicePort(string Name, int Port, string Protocol = "TCP", string? AppProtocol = null)
{
    /// <summary>Null = none, or not assigned.</summary>
    public int? NodePort { get; init; }
}
