using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>What an API server adds to a Service that does not have it: its ClusterIP and its node ports. They stay for its life.</summary>
internal sealed class ServiceDefaults(IPNetwork range)
{
    private const int FirstNodePort = 30000, LastNodePort = 32767, FirstAddress = 10;

    /// <param name="services">All of the cluster, as they were written.</param>
    /// <param name="before">As they were filled in before.</param>
    /// <returns>Filled in; those given are left as they are.</returns>
    public IReadOnlyList<JsonObject> Fill(IReadOnlyList<JsonObject> services, IReadOnlyDictionary<ObjectId, JsonObject> before)
    {
        var filled = services.Select(service => Kept((JsonObject)service.DeepClone(), before)).ToList();
        var addresses = filled.Select(service => service.Text("spec", "clusterIP")).ToHashSet();
        var ports = filled.SelectMany(service => service.Items("spec", "ports")).Select(port => port.Number("nodePort")).ToHashSet();
        foreach (var service in filled.Where(HasAddress))
        {
            var spec = service.Map("spec");
            if (spec["clusterIP"] is null) spec["clusterIP"] = Enumerable.Range(FirstAddress, int.MaxValue / 2).Select(Address).First(addresses.Add);
            if (!HasNodePorts(service)) continue;
            foreach (var port in spec.Items("ports").OfType<JsonObject>().Where(port => port["nodePort"] is null))
                port["nodePort"] = Enumerable.Range(FirstNodePort, LastNodePort - FirstNodePort + 1).First(number => ports.Add(number));
        }

        return filled;
    }

    private static JsonObject Kept(JsonObject service, IReadOnlyDictionary<ObjectId, JsonObject> before)
    {
        if (!before.TryGetValue(ObjectId.Of(service), out var old)) return service;
        var spec = service.Map("spec");
        if (spec["clusterIP"] is null && HasAddress(service) && old.Text("spec", "clusterIP") is { } address and not "None") spec["clusterIP"] = address;
        foreach (var port in spec.Items("ports").OfType<JsonObject>().Where(port => HasNodePorts(service) && port["nodePort"] is null))
        {
            if (old.Items("spec", "ports").FirstOrDefault(other => Same(port, other)).Number("nodePort") is { } number) port["nodePort"] = number;
        }

        return service;
    }

    private static bool Same(JsonNode port, JsonNode other) => port.Number("port") == other.Number("port") && (port.Text("protocol") ?? "TCP") == (other.Text("protocol") ?? "TCP");

    private static bool HasAddress(JsonObject service) => service.Text("spec", "type") is null or "ClusterIP" or "NodePort" or "LoadBalancer";

    private static bool HasNodePorts(JsonObject service) => service.Text("spec", "type") is "NodePort" or "LoadBalancer";

    private string Address(int number)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)number;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        var address = new IPAddress(bytes);
        return range.Contains(address) ? address.ToString() : throw new LabException($"all addresses of {range} are taken");
    }
}
