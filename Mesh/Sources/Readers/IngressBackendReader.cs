using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Exactly one of service and resource; of a service's port exactly one of number and name.</summary>
internal static class IngressBackendReader
{
    public static IngressBackend Read(Field field)
    {
        var service = field["service"];
        var resource = field["resource"];
        if (service.IsSet == resource.IsSet)
            field.Error(service.IsSet ? "has both service and resource, expected one of them" : "has neither service nor resource, expected one of them");
        if (resource.IsSet)
            return new IngressBackend(null, Resource: resource["name"].Required("the resource's name"));
        return Service(service);
    }

    private static IngressBackend Service(Field service)
    {
        var name = Dns.RequiredLabel(service["name"], "the service's name");
        var port = service["port"];
        var (number, portName) = (port["number"], port["name"]);
        if (number.IsSet == portName.IsSet)
            port.Error(number.IsSet ? "has both number and name, expected one of them" : "has neither number nor name, expected one of them");
        return new IngressBackend(name, Dns.LabelOf(portName), number.Number(1, 65535));
    }
}
