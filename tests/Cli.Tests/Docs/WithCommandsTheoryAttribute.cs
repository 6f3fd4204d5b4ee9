namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>Skipped, and counted as such, where the commands were not built or curl is not installed.</summary>
internal sealed class WithCommandsTheoryAttribute : TheoryAttribute
{
    public WithCommandsTheoryAttribute()
    {
        var gateway = $"artifacts/bin/Ingress/{Repository.Configuration}/clustermesh-ingress.dll";
        if (!Repository.Has(gateway))
            Skip = $"no {gateway}: make build";
        else if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "curl"))))
            Skip = "curl is not installed";
    }
}
