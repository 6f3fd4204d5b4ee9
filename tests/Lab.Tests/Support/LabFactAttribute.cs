namespace ClusterMesh.Lab.Tests;

/// <summary>What whole labs need. What is missing is a visible skip, but not on the build machine when that has root.</summary>
internal static class Ring
{
    private static readonly bool s_isCi = Environment.GetEnvironmentVariable("CI") == "true";

    public static string? WithoutRoot { get; } = Environment.IsPrivilegedProcess ? null : "needs root: network namespaces are made";

    public static string? WithoutLab { get; } = WithoutRoot
        ?? Unless(File.Exists(Path.Combine(AppContext.BaseDirectory, "bpf", "from_container.o")), "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)")
        ?? Unless(Directory.Exists("/sys/fs/bpf"), "there is no BPF file system at /sys/fs/bpf");

    private static string? Unless(bool there, string reason) => there || s_isCi ? null : reason;
}

/// <summary>Needs root, and nothing of the data path.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Ring.WithoutRoot;
}

/// <summary>Needs all that a lab needs.</summary>
internal sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute() => Skip = Ring.WithoutLab;
}

/// <summary>Needs all that a lab needs.</summary>
internal sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute() => Skip = Ring.WithoutLab;
}
