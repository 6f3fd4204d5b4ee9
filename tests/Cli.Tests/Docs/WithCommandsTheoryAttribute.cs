namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>Skipped, and counted as such, where the commands were not built, or curl or etcd is not installed.</summary>
internal sealed class WithCommandsTheoryAttribute : TheoryAttribute
{
    public WithCommandsTheoryAttribute()
    {
        string[] programs = [$"artifacts/bin/Ingress/{Repository.Configuration}/clustermesh-ingress.dll", $"artifacts/bin/Agent/{Repository.Configuration}/clustermesh-agent.dll"];
        if (programs.FirstOrDefault(program => !Repository.Has(program)) is { } missing)
            Skip = $"no {missing}: make build";
        else if (new[] { "curl", "etcd" }.FirstOrDefault(tool => !Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)))) is { } absent)
            Skip = $"{absent} is not installed";
    }
}
