using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>All that one document's text says; it does not depend on where the document stands.</summary>
/// <param name="Unknown">Kinds that are only counted, one entry per object.</param>
internal sealed record ParsedDocument(
    ImmutableArray<ReadObject> Objects, ImmutableArray<Finding> Findings, ImmutableArray<string> Unknown)
{
    /// <summary>Policies with errors: they isolate whom they select, and what could not be read of them allows nothing.</summary>
    public ImmutableArray<ReadObject> Closed { get; init; } = [];
}

/// <param name="Line">Line of the document where it begins.</param>
internal readonly record struct ReadObject(KubernetesObject Object, UInt128 Fingerprint, int Line);
