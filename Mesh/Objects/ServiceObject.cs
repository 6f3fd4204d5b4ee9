namespace ClusterMesh.Mesh.Objects;

/// <summary>v1 Service.</summary>
public sealed record ServiceObject(
    ObjectMeta Meta,
    IReadOnlyList<ServicePort> Ports,
    string? ClusterIP = null,
    string Type = "ClusterIP") : KubernetesObject(Meta)
{
    /// <summary>spec.selector; empty where endpoints are written by hand.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; init; } = ObjectMeta.None;

    public override string Kind => "Service";

    /// <summary>A headless Service (clusterIP: None) balances nothing in the kernel; at L7 its endpoints still serve.</summary>
    public bool Headless => ClusterIP == "None";
}

/// <summary>One port of a Service. <c>Name</c> is empty where there is a single unnamed port.</summary>
public sealed record ServicePort(string Name, int Port, string Protocol = "TCP", string? AppProtocol = null);
