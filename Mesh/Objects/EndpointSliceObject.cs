namespace ClusterMesh.Mesh.Objects;

/// <summary>discovery.k8s.io EndpointSlice, v1 or v1beta1, in v1's terms.</summary>
public sealed record EndpointSliceObject(
    ObjectMeta Meta,
    string ServiceName,
    string AddressType,
    IReadOnlyList<Endpoint> Endpoints,
    IReadOnlyList<EndpointPort> Ports) : KubernetesObject(Meta)
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    public override string Kind => "EndpointSlice";

    public ObjectKey Service => new(Key.Namespace, ServiceName);
}

/// <summary>One endpoint; a condition is null where the writer left it out (ready then means true, serving means ready).</summary>
public sealed record Endpoint(
    IReadOnlyList<string> Addresses,
    bool? Ready = null,
    bool? Serving = null,
    bool? Terminating = null,
    string? NodeName = null,
    string? Zone = null,
    string? Pod = null,
    string? Hostname = null)
{
    /// <summary>hints.forZones: clients of these zones should use it; empty = no hint.</summary>
    public IReadOnlyList<string> ForZones { get; init; } = [];
}

/// <summary>One port of a slice; a null number means "any port", which L7 cannot use.</summary>
public sealed record EndpointPort(string Name, int? Port, string Protocol = "TCP", string? AppProtocol = null);
