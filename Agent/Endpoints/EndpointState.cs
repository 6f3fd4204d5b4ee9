using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>What must outlive the agent. Immutable.</summary>
/// <param name="LastId">The number given last: the next one is the next that is free, so that none comes back at once.</param>
/// <param name="Released">Addresses that pods had, the oldest first.</param>
internal sealed record EndpointState(ImmutableDictionary<ObjectKey, PodEndpoint> Endpoints, ushort LastId, ImmutableList<IPAddress> Released)
{
    public static EndpointState Empty { get; } = new(ImmutableDictionary<ObjectKey, PodEndpoint>.Empty, 0, []);

    public EndpointState With(PodEndpoint endpoint) => new(Endpoints.SetItem(endpoint.Pod, endpoint), endpoint.Id, Released.Remove(endpoint.Address));

    public EndpointState Without(PodEndpoint endpoint) => this with { Endpoints = Endpoints.Remove(endpoint.Pod), Released = Released.Remove(endpoint.Address).Add(endpoint.Address) };

    /// <param name="taken">More numbers that are in use: of endpoints that only the kernel knows.</param>
    public ushort NextId(IReadOnlySet<ushort> taken)
    {
        var used = Endpoints.Values.Select(endpoint => endpoint.Id).Concat(taken).ToHashSet();
        var id = LastId;
        do id = id == ushort.MaxValue ? (ushort)1 : (ushort)(id + 1);
        while (used.Contains(id));
        return id;
    }
}

/// <summary>endpoints.json.</summary>
internal sealed record EndpointFileRecord(int LastId, IReadOnlyList<string> Released, IReadOnlyList<EndpointFileEntry> Endpoints);

internal sealed record EndpointFileEntry(int Id, string Namespace, string Pod, string Netns, string Address, string Interface, int Mtu);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EndpointFileRecord))]
internal sealed partial class EndpointFileJson : JsonSerializerContext;
