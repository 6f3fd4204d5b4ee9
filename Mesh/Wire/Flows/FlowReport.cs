using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>What one report says.</summary>
/// <param name="Counts">Requests that are not among the flows.</param>
/// <param name="Limited">Flows that were left out because there were too many in a second.</param>
/// <param name="Lost">Flows and counted requests that had no room, could not be told, or made no sense.</param>
public sealed record FlowReport(ImmutableArray<RequestFlow> Flows, ImmutableArray<RequestCount> Counts, long Limited, long Lost);

/// <summary>Requests of one kind and one bucket of duration.</summary>
/// <param name="Latency">Of all of them together.</param>
public readonly record struct RequestCount(RequestKind Kind, long Count, TimeSpan Latency)
{
    /// <summary>At most so many of them, with their share of the latency.</summary>
    internal RequestCount Part(long most) => most >= Count ? this : new(Kind, most, Latency * ((double)most / Count));
}
