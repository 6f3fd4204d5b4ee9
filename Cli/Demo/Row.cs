namespace ClusterMesh.Cli.Demo;

/// <summary>How a scene ended.</summary>
internal sealed record Row(string What, IReadOnlyList<Check> Checks, string Why)
{
    /// <summary>A row without checks has shown nothing, so it does not hold.</summary>
    public bool Holds => Checks.Count > 0 && Checks.All(check => check.Holds);
}
