using System.Globalization;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>Reads the kernel's lists of sockets, /proc/net/tcp and udp.</summary>
internal static class SocketTable
{
    private const string Listen = "0A", Unconnected = "07";

    /// <param name="table">tcp, tcp6, udp or udp6.</param>
    public static IEnumerable<(string Protocol, int Port)> Listening(string table, string text)
    {
        var (protocol, state) = table.StartsWith("tcp", StringComparison.Ordinal) ? ("TCP", Listen) : ("UDP", Unconnected);
        return text.Split('\n').Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 3 && words[3] == state)
            .Select(words => (protocol, int.Parse(words[1][(words[1].LastIndexOf(':') + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
    }
}
