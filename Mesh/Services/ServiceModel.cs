using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Services;

/// <summary>A service of the local cluster with the backends of every cluster that shares it. Immutable.</summary>
/// <param name="Ports">Those of TCP: all that L7 can serve.</param>
public sealed record ServiceModel(ServiceObject Object, ServiceMode Mode, ImmutableArray<ServicePortModel> Ports)
{
    public ObjectKey Key => Object.Key;

    /// <summary>Those of UDP, which only the kernel balances; proxies are not told of them.</summary>
    public ImmutableArray<ServicePortModel> UdpPorts { get; init; } = [];

    /// <summary>Numbers of the TCP ports whose requests the nodes' proxies balance (Mesh/Routes/Frontends); in order. For the agent's kernel: proxies find them in their routes.</summary>
    public ImmutableArray<int> L7Ports { get; init; } = [];

    /// <summary>TCP, then UDP.</summary>
    public IEnumerable<ServicePortModel> AllPorts => Ports.Concat(UdpPorts);

    /// <summary>What a Service's annotations ask for; its ports and backends are for the caller.</summary>
    /// <param name="problem">Field, reason, and what is used instead.</param>
    public static ServiceModel Read(ServiceObject service, Action<string, string, string> problem) => new(service, ServiceAnnotations.Read(service, problem), [])
    {
        HealthCheck = HealthCheckAnnotations.Read(service, problem),
        LoadBalance = LoadBalanceAnnotations.Read(service, problem),
    };

    /// <summary>clustermesh.io/load-balance and hash-by on the Service; a route's own choice comes before it.</summary>
    public LoadBalance? LoadBalance { get; init; }

    /// <summary>Null = the backends are not probed.</summary>
    public HealthCheckModel? HealthCheck { get; init; }

    /// <summary>The TCP port with that name, or null.</summary>
    public ServicePortModel? Port(string name) => Ports.FirstOrDefault(port => port.Port.Name == name);

    /// <summary>The TCP port with that number, or null.</summary>
    public ServicePortModel? Port(int number) => Ports.FirstOrDefault(port => port.Port.Port == number);
}

/// <summary>One port of a service and all its backends, of all clusters, in a stable order.</summary>
public sealed record ServicePortModel(ServicePort Port, ImmutableArray<Backend> Backends);
