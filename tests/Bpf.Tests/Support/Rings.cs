namespace ClusterMesh.Bpf.Tests;

/// <summary>What a ring of tests needs. What is missing is a visible skip, but not on the build machine when that has root.</summary>
internal static class Rings
{
    private static readonly bool IsCi = Environment.GetEnvironmentVariable("CI") == "true";

    public static string Objects { get; } = Path.Combine(AppContext.BaseDirectory, "bpf");

    public static string TestObjects { get; } = Path.Combine(AppContext.BaseDirectory, "bpf-tests");

    public static string? WithoutObjects => Unless(File.Exists(Path.Combine(TestObjects, "contract.o")), "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)");

    public static string? WithoutKernel => WithoutObjects ?? (Environment.IsPrivilegedProcess ? null : "needs root: programs are loaded into the kernel");

    private static string? Unless(bool there, string reason) => there || (IsCi && Environment.IsPrivilegedProcess) ? null : reason;
}

/// <summary>Needs the built objects and libbpf, but no rights.</summary>
internal sealed class ObjectFactAttribute : FactAttribute
{
    public ObjectFactAttribute() => Skip = Rings.WithoutObjects;
}

/// <summary>Needs the kernel: root.</summary>
internal sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute() => Skip = Rings.WithoutKernel;
}

/// <summary>Needs the kernel: root.</summary>
internal sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute() => Skip = Rings.WithoutKernel;
}
