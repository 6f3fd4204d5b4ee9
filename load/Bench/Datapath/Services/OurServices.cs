using System.Net;
using ClusterMesh.Bpf.Services;

namespace ClusterMesh.DatapathBench.Services;

internal static class OurServices
{
    public static void Load(this ServiceTable table, IReadOnlyList<Service> services)
    {
        foreach (var service in services) table.Set(service, service.Backends);
    }

    public static void Set(this ServiceTable table, Service service, IEnumerable<IPEndPoint> backends) =>
        table.Set(
            new(service.ClusterIp.Address, (ushort)service.ClusterIp.Port, 6),
            new([.. backends.Select(backend => new BackendShare(new(backend.Address, (ushort)backend.Port), 1))], []));
}
