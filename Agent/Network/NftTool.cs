namespace ClusterMesh.Agent.Network;

/// <summary>nftables' nft.</summary>
internal static class NftTool
{
    /// <summary>All of it, or nothing.</summary>
    public static void Apply(string rules) => ChildProcess.Run("nft", ["-f", "-"], rules);

    /// <summary>Also false where nft is not installed.</summary>
    public static bool HasTable(string name)
    {
        try
        {
            ChildProcess.Run("nft", ["list", "table", "ip", name]);
            return true;
        }
        catch (NetworkException)
        {
            return false;
        }
    }
}
