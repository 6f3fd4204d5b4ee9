using ClusterMesh.Mesh.Objects;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Messages back to Kubernetes objects; the inverse of <see cref="ObjectEncoding"/>, but for labels.</summary>
internal static class ObjectDecoding
{
    public static ServiceObject Decode(Messages.Service message) => new(
        Decode(message.Meta),
        [.. message.Ports.Select(port => new ServicePort(port.Name, port.Port, port.Protocol, Text(port.AppProtocol)))],
        Text(message.ClusterIp),
        message.Type)
    {
        Exposure = new() { MoreClusterIPs = [.. message.MoreClusterIps], LoadBalancerIPs = [.. message.LoadBalancerIps], ExternalIPs = [.. message.ExternalIps] },
        ClientAffinity = message.ClientAffinity > 0 ? TimeSpan.FromSeconds(message.ClientAffinity) : null,
        InternalLocal = message.InternalLocal,
    };

    public static IngressObject Decode(Messages.Ingress message) => new(
        Decode(message.Meta),
        message.HasClassName ? message.ClassName : null,
        message.DefaultBackend is { } fallback ? Decode(fallback) : null,
        [.. message.Tls.Select(tls => new IngressTls([.. tls.Hosts], tls.HasSecretName ? tls.SecretName : null))],
        [.. message.Rules.Select(rule => new IngressRule(rule.HasHost ? rule.Host : null, [.. rule.Paths.Select(Decode)]))]);

    public static IngressClassObject Decode(Messages.IngressClass message) => new(Decode(message.Meta), message.Controller);

    public static SecretObject Decode(Messages.Certificate message) =>
        new(Decode(message.Meta), message.Type, message.Values.ToDictionary(value => value.Key, value => value.Value.ToByteArray()));

    public static string? Text(string text) => text.Length == 0 ? null : text;

    private static IngressPath Decode(Messages.IngressPath path) => new(path.Path, (IngressPathType)path.Type, Decode(path.Backend));

    private static IngressBackend Decode(Messages.IngressBackend backend) => new(
        backend.HasService ? backend.Service : null, backend.HasPortName ? backend.PortName : null,
        backend.HasPortNumber ? backend.PortNumber : null, backend.HasResource ? backend.Resource : null);

    public static ObjectMeta Decode(Messages.Meta meta) => new(
        new(meta.Namespace, meta.Name), ObjectMeta.None,
        meta.Annotations.Count == 0 ? ObjectMeta.None : new Dictionary<string, string>(meta.Annotations),
        meta.Created == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(meta.Created));
}
