using Yarp.ReverseProxy.Configuration;

namespace ClusterMesh.Bench;

/// <summary>A mesh of some size in YARP's words: a cluster for each service, a destination for each backend.</summary>
internal sealed class YarpObjects(MeshSize size)
{
    public RouteConfig[] Routes { get; } =
    [
        .. from host in Enumerable.Range(0, size.Hosts)
           from path in Enumerable.Range(0, size.PathsPerHost)
           select new RouteConfig
           {
               RouteId = $"{host}-{path}",
               ClusterId = size.Service(host, path),
               Match = new RouteMatch { Hosts = [MeshSize.Host(host)], Path = MeshSize.Path(path) + "/{**rest}" },
           },
    ];

    public ClusterConfig[] Clusters { get; } =
    [
        .. Enumerable.Range(0, size.Services).Select(service => new ClusterConfig
        {
            ClusterId = MeshSize.Service(service),
            Destinations = Enumerable.Range(service * size.BackendsPerService, size.BackendsPerService)
                .ToDictionary(i => $"d{i}", i => new DestinationConfig { Address = $"http://127.0.0.1:1/{i}" }),
        }),
    ];
}
