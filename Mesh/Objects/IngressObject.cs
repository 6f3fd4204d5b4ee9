namespace ClusterMesh.Mesh.Objects;

/// <summary>networking.k8s.io/v1 Ingress.</summary>
public sealed record IngressObject(
    ObjectMeta Meta,
    string? ClassName,
    IngressBackend? DefaultBackend,
    IReadOnlyList<IngressTls> Tls,
    IReadOnlyList<IngressRule> Rules) : KubernetesObject(Meta)
{
    public override string Kind => "Ingress";
}

/// <summary>Rules of one host; a null host means every host.</summary>
public sealed record IngressRule(string? Host, IReadOnlyList<IngressPath> Paths);

public sealed record IngressPath(string Path, IngressPathType Type, IngressBackend Backend);

public enum IngressPathType { Exact, Prefix, ImplementationSpecific }

/// <summary>A service and its port by name or by number (exactly one is set), or the name of an unsupported resource.</summary>
public sealed record IngressBackend(string? Service, string? PortName = null, int? PortNumber = null, string? Resource = null);

public sealed record IngressTls(IReadOnlyList<string> Hosts, string? SecretName);

/// <summary>networking.k8s.io/v1 IngressClass.</summary>
public sealed record IngressClassObject(ObjectMeta Meta, string Controller) : KubernetesObject(Meta)
{
    public const string DefaultAnnotation = "ingressclass.kubernetes.io/is-default-class";

    public override string Kind => "IngressClass";

    public bool IsDefault => Meta.Annotation(DefaultAnnotation) == "true";
}
