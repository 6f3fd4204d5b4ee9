namespace ClusterMesh.Mesh.Tests.Grpc;

/// <summary>Skipped, and counted as such, without node and npm; CI has them, and fails there.</summary>
internal sealed class GrpcJsFactAttribute : FactAttribute
{
    public GrpcJsFactAttribute()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var absent = Array.Find(["node", "npm"], command => !path.Any(folder => File.Exists(Path.Combine(folder, command))));
        if (absent is not null && Environment.GetEnvironmentVariable("CI") is not ("true" or "1"))
            Skip = $"{absent} is not installed";
    }
}
