using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>References of the Gateway API to parents and backends.</summary>
internal static class ReferenceReader
{
    private const string GatewayGroup = "gateway.networking.k8s.io";

    public static ParentReference Parent(Field field)
    {
        RouteFields.Warn(field, "group", "kind", "namespace", "name", "sectionName", "port");
        return new(
            field["group"].Text() ?? GatewayGroup, field["kind"].Text() ?? "Gateway", Dns.LabelOf(field["namespace"]), field["name"].Required("the parent's name"),
            Dns.SubdomainOf(field["sectionName"]), field["port"].Number(1, 65535));
    }

    public static BackendReference Backend(Field field)
    {
        var reference = new BackendReference(
            field["group"].Text() ?? "", field["kind"].Text() ?? "Service", Dns.LabelOf(field["namespace"]), field["name"].Required("the backend's name"),
            field["port"].Number(1, 65535));
        if (reference.IsService) field["port"].Present("a number from 1 to 65535, as it is a Service's");
        return reference;
    }
}
