namespace ClusterMesh.Tests;

/// <summary>What tests in the kernel need: root, and the built eBPF objects. What is missing is a visible skip, but not on the build machine when that has root.</summary>
internal static class KernelRing
{
    private static readonly bool s_mustRun = Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("CI") == "true";

    public static string? WithoutRoot => Environment.IsPrivilegedProcess ? null : "needs root: network namespaces are made, programs are loaded into the kernel";

    public static string? Missing => WithoutRoot
        ?? Unless(File.Exists(Path.Combine(AppContext.BaseDirectory, "bpf", "from_container.o")), "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)")
        ?? Unless(Directory.Exists("/sys/fs/bpf"), "there is no BPF file system at /sys/fs/bpf");

    /// <param name="reason">Null on the build machine, whatever is there.</param>
    public static string? Unless(bool there, string reason) => there || s_mustRun ? null : reason;

    /// <param name="missing">What there is not; null = all is there.</param>
    public static string? Unless(string? missing) => Unless(missing is null, missing!);
}

/// <summary>Needs root, and nothing of the data path.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = KernelRing.WithoutRoot;
}

/// <inheritdoc cref="KernelRing"/>
internal sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute() => Skip = KernelRing.Missing;
}

/// <inheritdoc cref="KernelRing"/>
internal sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute() => Skip = KernelRing.Missing;
}
