using ClusterMesh.Tests;

namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>Skipped, and counted as such, where the commands were not built, or curl or etcd is not installed; but not on the build machine when that has root.</summary>
internal sealed class WithCommandsTheoryAttribute : TheoryAttribute
{
    /// <summary>Needs root and the built eBPF objects, too.</summary>
    public bool Lab
    {
        get;
        set
        {
            field = value;
            if (value) Skip ??= KernelRing.WithoutRoot ?? KernelRing.Unless(Repository.Has($"artifacts/bin/Agent/{Repository.Configuration}/bpf/from_container.o"), "the eBPF objects were not built (make bpf needs clang, llvm and libbpf-dev)");
        }
    }

    public WithCommandsTheoryAttribute()
    {
        string[] programs = [$"artifacts/bin/Ingress/{Repository.Configuration}/clustermesh-ingress.dll", $"artifacts/bin/Agent/{Repository.Configuration}/clustermesh-agent.dll"];
        if (programs.FirstOrDefault(program => !Repository.Has(program)) is { } missing)
            Skip = KernelRing.Unless($"no {missing}: make build");
        else if (new[] { "curl", "etcd" }.FirstOrDefault(tool => !Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)))) is { } absent)
            Skip = KernelRing.Unless($"{absent} is not installed");
    }
}
