namespace ClusterMesh.Bpf.Services;

/// <summary>A frontend as it is in the kernel: its number, its slots and the numbers of its backends, draining ones included.</summary>
internal sealed record PlacedFrontend(uint Id, FrontendModel Model, SlotRegion Region, IReadOnlyDictionary<BackendAddress, uint> Backends);
