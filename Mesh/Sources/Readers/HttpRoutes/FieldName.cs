using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>Names of header fields (RFC 9110 5.1); query parameters have to follow the same rule.</summary>
internal static class FieldName
{
    private const string Others = "!#$%&'*+-.^_`|~";

    // They frame the message or belong to one connection: a filter that set them would make two messages of one.
    private static readonly HashSet<string> s_ofConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Host", "HTTP2-Settings", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    public static string Of(Field field, int longest)
    {
        var name = Limits.Text(field, "a name", longest);
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && !Others.Contains(c, StringComparison.Ordinal))) field.Error($"\"{Shown.Text(name)}\" is not a name of letters, digits and {Others}");
        return name;
    }

    /// <summary>One that a filter may write.</summary>
    public static string Writable(Field field, int longest)
    {
        var name = Of(field, longest);
        if (s_ofConnection.Contains(name)) field.Error($"{name} {(name.Equals("Host", StringComparison.OrdinalIgnoreCase) ? "is what URLRewrite is for" : "belongs to the connection")}, a header modifier cannot write it");
        return name;
    }
}
