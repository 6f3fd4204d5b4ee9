using System.Collections.Immutable;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>What a drill needs otherwise than two clusters with an agent and a gateway each.</summary>
internal sealed record LabSettings
{
    public string LeaseTtl { get; init; } = "15s";

    /// <summary>Agents of west, each with a gateway.</summary>
    public int AgentsInWest { get; init; } = 1;

    /// <summary>Further arguments of east's etcd.</summary>
    public ImmutableArray<string> EtcdOfEast { get; init; } = [];
}
