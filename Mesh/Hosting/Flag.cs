namespace ClusterMesh.Mesh.Hosting;

/// <summary>One setting of a program: a flag, a key of its configuration file, and an environment variable.</summary>
/// <param name="Many">May be given more than once.</param>
public sealed record Flag(string Name, string Placeholder, string Text, bool Many = false);

/// <summary>All settings of one program.</summary>
/// <param name="Prefix">Of the environment variables: CLUSTERMESH_INGRESS_ makes CLUSTERMESH_INGRESS_DRAIN_DELAY of drain-delay.</param>
/// <param name="Config">The flag that names the configuration file.</param>
public sealed record FlagTable(string Prefix, Flag Config, IReadOnlyList<Flag> All)
{
    public string Variable(Flag flag) => Prefix + flag.Name.Replace('-', '_').ToUpperInvariant();
}
