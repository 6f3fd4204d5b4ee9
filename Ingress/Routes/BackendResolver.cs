using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Ingress.Routes;

/// <summary>From an Ingress' backend to a port of a service.</summary>
internal sealed class BackendResolver(IReadOnlyDictionary<ObjectKey, ServiceModel> services)
{
    public ResolvedBackend Resolve(string ns, IngressBackend backend)
    {
        var key = new ObjectKey(ns, backend.Service ?? backend.Resource ?? "");
        if (backend.Resource is not null)
            return new(key, null, "resource", $"resource {ProblemList.Quote(backend.Resource)} is not supported, only services are");
        if (string.IsNullOrEmpty(backend.Service))
            return new(key, null, "service", "no service is named");
        if (!services.TryGetValue(key, out var service))
            return new(key, null, "service.name", $"no Service {key}");
        return FindPort(service, backend) is { } port
            ? new(key, port, "", null)
            : new(key, null, "service.port", WhyNoPort(service, backend));
    }

    private static ServicePort? FindPort(ServiceModel service, IngressBackend backend)
    {
        foreach (var port in service.Ports)
        {
            var named = backend.PortName is { Length: > 0 } name ? port.Port.Name == name : port.Port.Port == backend.PortNumber;
            if (named && port.Port.Protocol == "TCP")
                return port.Port;
        }
        return null;
    }

    private static string WhyNoPort(ServiceModel service, IngressBackend backend)
    {
        var wanted = backend.PortName is { Length: > 0 } name ? ProblemList.Quote(name) : $"{backend.PortNumber}";
        if (wanted.Length == 0)
            return "the port has neither a number nor a name";
        if (service.Object.Type == "ExternalName")
            return $"Service {service.Key} is an ExternalName, which has no backends";
        var known = string.Join(", ", service.Ports.Select(port => port.Port.Name.Length == 0 ? $"{port.Port.Port}" : $"{port.Port.Name} ({port.Port.Port})"));
        return $"Service {service.Key} has no port {wanted}, only {(known.Length == 0 ? "none" : known)}";
    }
}

/// <param name="Port">Null = broken, for the reason in Why.</param>
/// <param name="Field">The part of the backend that is wrong.</param>
internal readonly record struct ResolvedBackend(ObjectKey Service, ServicePort? Port, string Field, string? Why);
