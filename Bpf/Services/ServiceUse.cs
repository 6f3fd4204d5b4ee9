namespace ClusterMesh.Bpf.Services;

/// <summary>How many entries of the services' maps are in use. Immutable; slots that rest after a change are not counted.</summary>
public sealed record ServiceUse(int Frontends, int Backends, int Slots)
{
    internal ServiceUse With(PlacedFrontend placed) => new(Frontends + 1, Backends + placed.Backends.Count, Slots + placed.Region.Count);

    internal ServiceUse Without(PlacedFrontend? placed) =>
        placed is null ? this : new(Frontends - 1, Backends - placed.Backends.Count, Slots - placed.Region.Count);
}
