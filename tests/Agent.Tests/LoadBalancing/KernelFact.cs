namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>Needs the kernel: root and the built eBPF objects. Missing is a visible skip, but not on the build machine when that has root.</summary>
internal sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute()
    {
        if (Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("CI") == "true") return;
        if (!Environment.IsPrivilegedProcess) Skip = "needs root: maps are made in the kernel";
        else if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "bpf", "from_container.o"))) Skip = "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)";
    }
}
