using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;

namespace ClusterMesh.Bpf.Services;

/// <summary>The maps that services are made of.</summary>
internal sealed class ServiceMaps(Func<string, BpfMap> map) : IDisposable
{
    public TypedMap<FrontendKey, Contract.Frontend> Frontends { get; } = new(map("frontends"));

    public TypedMap<uint, Reverse> Reverse { get; } = new(map("reverse"));

    public TypedMap<uint, Backend> Backends { get; } = new(map("backends"));

    public SharedArray Slots { get; } = new(map("slots"));

    public void Dispose() => Slots.Dispose();
}
