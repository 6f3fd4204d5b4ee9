namespace ClusterMesh.Connectivity.Tests;

/// <summary>Needs a lab: root, the built eBPF objects, etcd. What is missing is a visible skip, but not on the build machine when that has root.</summary>
internal static class LabRing
{
    public static string? Missing
    {
        get
        {
            if (!Environment.IsPrivilegedProcess) return "needs root: a lab makes network namespaces and loads programs into the kernel";
            if (Environment.GetEnvironmentVariable("CI") == "true") return null;
            return File.Exists(Path.Combine(AppContext.BaseDirectory, "bpf", "from_container.o")) ? null : "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)";
        }
    }
}

/// <inheritdoc cref="LabRing"/>
internal sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute() => Skip = LabRing.Missing;
}

/// <inheritdoc cref="LabRing"/>
internal sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute() => Skip = LabRing.Missing;
}
