using System.Net;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

/// <summary>The set of every drill: one global service with local affinity, two pods of it in each cluster, one Ingress in west.</summary>
internal sealed class Scene
{
    public const string Host = "rebel.drill";
    public const string Service = "rebel-base";
    public const string NextService = "rebel-base-v2";

    private readonly Stage _stage;
    private readonly int _port = Ports.Free();

    public Scene(Stage stage)
    {
        _stage = stage;
        West = [Pod("west", 1), Pod("west", 2)];
        East = [Pod("east", 1), Pod("east", 2)];
        Next = [Pod("west", 3) with { Service = NextService, Version = "v2", Pod = "n1" }];
    }

    public IReadOnlyList<Backend> West { get; }

    public IReadOnlyList<Backend> East { get; }

    /// <summary>Of the next version, in west; only some drills start it.</summary>
    public IReadOnlyList<Backend> Next { get; }

    public void WriteManifests()
    {
        WriteSlice(West);
        _stage.East.Write("rebel-base.yaml", Manifests.GlobalService(Service), Slice(Service, East));
        _stage.West.Write("service.yaml", Manifests.GlobalService(Service));
        _stage.West.Write("ingress.yaml", Manifests.Ingress("rebel", Host, Service));
        _stage.West.Write("next.yaml", Manifests.GlobalService(NextService), Slice(NextService, Next));
    }

    /// <summary>The local EndpointSlice, with these endpoints.</summary>
    public void WriteSlice(IReadOnlyList<Backend> backends) => _stage.West.Write("slice.yaml", Slice(Service, backends));

    private string Slice(string service, IReadOnlyList<Backend> backends) =>
        Manifests.Slice(service, _port, backends.Select(b => b.Endpoint));

    private Backend Pod(string cluster, int number) => new(cluster, Service, "v1", $"p{number}",
        new IPEndPoint(IPAddress.Parse($"127.{(cluster == "west" ? 101 : 102)}.0.{number}"), _port));
}
