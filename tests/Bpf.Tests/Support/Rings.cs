using ClusterMesh.Tests;
namespace ClusterMesh.Bpf.Tests;

/// <summary>Where the built objects are.</summary>
internal static class Rings
{
    public static string Objects { get; } = Path.Combine(AppContext.BaseDirectory, "bpf");

    public static string TestObjects { get; } = Path.Combine(AppContext.BaseDirectory, "bpf-tests");
}

/// <summary>Needs the built objects and libbpf, but no rights.</summary>
internal sealed class ObjectFactAttribute : FactAttribute
{
    public ObjectFactAttribute() => Skip = KernelRing.Unless(File.Exists(Path.Combine(Rings.TestObjects, "contract.o")), "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)");
}
