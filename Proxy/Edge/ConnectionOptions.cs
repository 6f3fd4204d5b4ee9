using Microsoft.Extensions.Primitives;

namespace ClusterMesh.Proxy.Edge;

/// <summary>Which fields a Connection field nominates as belonging to this connection alone (RFC 9110 7.6.1).</summary>
internal static class ConnectionOptions
{
    /// <summary>Whoever nominates what frames or names the message itself would change its meaning: that is not heard.</summary>
    public static bool Nominates(StringValues connection, string name)
    {
        // A common value first: it nominates nothing.
        if (connection.Count == 0 || (connection.Count == 1 && IsPlain(connection[0])) || IsEndToEnd(name)) return false;
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                if (line.AsSpan(range).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }

    private static bool IsPlain(string? connection) =>
        string.Equals(connection, "keep-alive", StringComparison.OrdinalIgnoreCase) || string.Equals(connection, "close", StringComparison.OrdinalIgnoreCase);

    private static bool IsEndToEnd(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.Equals("Host", StringComparison.OrdinalIgnoreCase);
}
