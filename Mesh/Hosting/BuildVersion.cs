using System.Reflection;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>What was built: the version without the commit.</summary>
public static class BuildVersion
{
    public static readonly string Text =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
