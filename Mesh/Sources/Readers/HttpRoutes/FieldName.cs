using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>Names of header fields (RFC 9110 5.1); query parameters have to follow the same rule.</summary>
internal static class FieldName
{
    // They frame the message or belong to one connection: who wrote them would make two messages of one.
    private static readonly HashSet<string> s_ofConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Host", "HTTP2-Settings", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    public static string Of(Field field, int longest)
    {
        var name = Limits.HeaderText(field, "a name", longest);
        if (name.Length > 0 && !HttpToken.IsToken(name)) field.Error($"\"{Shown.Text(name)}\" is not a name of letters, digits and {HttpToken.Others}");
        return name;
    }

    /// <summary>One that a filter may write.</summary>
    public static string Writable(Field field, int longest)
    {
        var name = Of(field, longest);
        if (IsOfConnection(name)) field.Error($"{name} {(name.Equals("Host", StringComparison.OrdinalIgnoreCase) ? "is what URLRewrite is for" : "belongs to the connection")}, a header modifier cannot write it");
        return name;
    }

    /// <summary>One that only the proxy itself may write.</summary>
    public static bool IsOfConnection(string name) => s_ofConnection.Contains(name);
}
