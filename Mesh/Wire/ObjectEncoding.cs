using ClusterMesh.Mesh.Objects;
using Google.Protobuf;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Kubernetes objects as messages (Mesh/Wire/Protos/wire.proto).</summary>
internal static class ObjectEncoding
{
    public static Messages.Service Encode(ServiceObject service) => new()
    {
        Meta = Encode(service.Meta),
        Ports = { service.Ports.Select(port => new Messages.ServicePort { Name = port.Name, Port = port.Port, Protocol = port.Protocol, AppProtocol = port.AppProtocol ?? "" }) },
        ClusterIp = service.ClusterIP ?? "",
        Type = service.Type,
        MoreClusterIps = { service.Exposure.MoreClusterIPs },
        LoadBalancerIps = { service.Exposure.LoadBalancerIPs },
        ExternalIps = { service.Exposure.ExternalIPs },
        ClientAffinity = (long)(service.ClientAffinity?.TotalSeconds ?? 0),
        InternalLocal = service.InternalLocal,
    };

    public static Messages.Ingress Encode(IngressObject ingress)
    {
        var message = new Messages.Ingress { Meta = Encode(ingress.Meta), DefaultBackend = ingress.DefaultBackend is { } fallback ? Encode(fallback) : null };
        if (ingress.ClassName is { } name) message.ClassName = name;
        foreach (var tls in ingress.Tls)
        {
            var to = new Messages.IngressTls { Hosts = { tls.Hosts } };
            if (tls.SecretName is { } secret) to.SecretName = secret;
            message.Tls.Add(to);
        }

        foreach (var rule in ingress.Rules)
        {
            var to = new Messages.IngressRule { Paths = { rule.Paths.Select(path => new Messages.IngressPath { Path = path.Path, Type = (int)path.Type, Backend = Encode(path.Backend) }) } };
            if (rule.Host is { } host) to.Host = host;
            message.Rules.Add(to);
        }

        return message;
    }

    public static Messages.IngressClass Encode(IngressClassObject ingressClass) => new() { Meta = Encode(ingressClass.Meta), Controller = ingressClass.Controller };

    public static Messages.Certificate Encode(SecretObject secret)
    {
        var message = new Messages.Certificate { Meta = Encode(secret.Meta), Type = secret.Type };
        foreach (var (name, value) in secret.Values) message.Values[name] = ByteString.CopyFrom(value);
        return message;
    }

    private static Messages.IngressBackend Encode(IngressBackend backend)
    {
        var message = new Messages.IngressBackend();
        if (backend.Service is { } service) message.Service = service;
        if (backend.PortName is { } name) message.PortName = name;
        if (backend.PortNumber is { } number) message.PortNumber = number;
        if (backend.Resource is { } resource) message.Resource = resource;
        return message;
    }

    public static Messages.Meta Encode(ObjectMeta meta)
    {
        var message = new Messages.Meta { Namespace = meta.Key.Namespace, Name = meta.Key.Name, Created = meta.CreationTimestamp?.ToUnixTimeMilliseconds() ?? 0 };
        foreach (var (name, value) in meta.Annotations) message.Annotations[name] = value;
        return message;
    }
}
