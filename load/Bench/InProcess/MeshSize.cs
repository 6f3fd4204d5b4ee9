using System.Globalization;

namespace ClusterMesh.Bench;

/// <summary>How big a mesh is; every service has its backends half in west and half in east.</summary>
internal sealed record MeshSize(int Hosts, int PathsPerHost, int Services, int BackendsPerService)
{
    public static readonly MeshSize Large = new(Hosts: 1000, PathsPerHost: 10, Services: 1000, BackendsPerService: 50);

    public int Routes => Hosts * PathsPerHost;

    public static string Host(int number) => string.Create(CultureInfo.InvariantCulture, $"host-{number}.example.com");

    public static string Path(int number) => string.Create(CultureInfo.InvariantCulture, $"/api/v1/items-{number}");

    public string Service(int host, int path) => Service(((host * PathsPerHost) + path) % Services);

    public static string Service(int number) => string.Create(CultureInfo.InvariantCulture, $"svc-{number}");

    /// <summary>Unlike for every backend of a cluster.</summary>
    public static string Address(int cluster, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{cluster}.{number >> 8 & 255}.{number & 255}");
}
