namespace ClusterMesh.Mesh;

/// <summary>What names of header fields, cookies and the like are made of (RFC 9110 5.6.2).</summary>
public static class HttpToken
{
    /// <summary>Besides letters and digits.</summary>
    public const string Others = "!#$%&'*+-.^_`|~";

    public static bool IsToken(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || Others.Contains(c, StringComparison.Ordinal));
}
