using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>
/// A node's proxy runs as nobody in particular, with the two capabilities that it needs: CAP_NET_ADMIN for marks and foreign addresses of
/// sockets, CAP_BPF for the pinned maps, which its group may open.
/// </summary>
internal static class ProxyPrivileges
{
    /// <summary>In no /etc/group: nobody else is in it.</summary>
    public const int Group = 64250;

    private const string Capabilities = "+net_admin,+bpf";

    public static Launch Around(Launch program)
    {
        // A user of its own cannot read programs in somebody's home: there it stays root, but without root's rights.
        string[] user = IsReadable(program) ? ["--reuid", $"{Group}", "--regid", $"{Group}", "--clear-groups"] : ["--regid", $"{Group}", "--clear-groups", "--bounding-set", $"-all,{Capabilities}"];
        return new("setpriv", [.. user, "--inh-caps", $"-all,{Capabilities}", "--ambient-caps", $"-all,{Capabilities}", program.File, .. program.First]);
    }

    private static bool IsReadable(Launch program)
    {
        foreach (var file in program.First.Prepend(program.File).Where(File.Exists))
        {
            for (var directory = new FileInfo(file).Directory; directory is not null; directory = directory.Parent)
            {
                if (!directory.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;
            }
        }

        return true;
    }
}
