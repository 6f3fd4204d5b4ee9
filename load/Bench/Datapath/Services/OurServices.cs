using ClusterMesh.Bpf.Services;

namespace ClusterMesh.DatapathBench.Services;

internal static class OurServices
{
    public static void Load(this ServiceTable table, IReadOnlyList<Service> services)
    {
        foreach (var service in services) table.Set(service);
    }

    public static void Set(this ServiceTable table, Service service) => table.Set(
        new(service.ClusterIp.Address, (ushort)service.ClusterIp.Port, 6),
        new([.. service.Backends.Select(backend => new BackendShare(new(backend.Address, (ushort)backend.Port), 1))], []));
}
