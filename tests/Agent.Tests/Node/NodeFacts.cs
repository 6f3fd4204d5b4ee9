namespace ClusterMesh.Agent.Tests.Node;

/// <summary>What nodes in namespaces need. What is missing is a visible skip, but not on the build machine when that has root.</summary>
internal static class NodeRing
{
    public static string? Missing =>
        Environment.GetEnvironmentVariable("CI") == "true" && Environment.IsPrivilegedProcess ? null
        : !Environment.IsPrivilegedProcess ? "needs root: nodes are network namespaces"
        : !File.Exists(Path.Combine(AppContext.BaseDirectory, "bpf", "from_container.o")) ? "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)"
        : null;
}

internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodeRing.Missing;
}

internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = NodeRing.Missing;
}
