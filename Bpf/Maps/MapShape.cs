using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Maps;

/// <summary>What makes two maps interchangeable. A map of another shape under the same name is another layout's.</summary>
internal readonly record struct MapShape(MapType Type, uint KeySize, uint ValueSize, uint MaxEntries, uint Flags)
{
    /// <summary>As an object declares it.</summary>
    public static MapShape OfDeclared(nint map) => new(
        (MapType)NativeObject.MapType(map), NativeObject.MapKeySize(map), NativeObject.MapValueSize(map), NativeObject.MapMaxEntries(map), NativeObject.MapFlags(map));

    /// <summary>As it is in the kernel.</summary>
    /// <exception cref="BpfException">It is not a map.</exception>
    public static unsafe MapShape OfLoaded(int descriptor, string name)
    {
        MapDescription answer;
        var size = (uint)sizeof(MapDescription);
        var error = NativeMap.Describe(descriptor, &answer, &size);
        if (error < 0) throw new BpfException($"map {name}: describe", -error);
        return new((MapType)answer.Type, answer.KeySize, answer.ValueSize, answer.MaxEntries, answer.Flags);
    }
}
