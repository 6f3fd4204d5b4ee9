namespace ClusterMesh.Agent.Network;

/// <summary>Settings of the kernel for the agent's network namespace.</summary>
internal static class Sysctl
{
    /// <exception cref="NetworkException">Not there, or read-only.</exception>
    public static void Set(string name, string value)
    {
        var path = $"/proc/sys/{name}";
        try
        {
            if (File.ReadAllText(path).Trim() != value) File.WriteAllText(path, value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NetworkException($"{path} cannot be set to {value}: {exception.Message}", exception);
        }
    }

    /// <summary>Packets may come another way than the answer goes: through the tunnel, from a pod.</summary>
    public static void TakeFromAnywhere(string device) => Set($"net/ipv4/conf/{device}/rp_filter", "0");
}
