using System.Buffers;

namespace ClusterMesh.Mesh;

/// <summary>What names of header fields, cookies and the like are made of (RFC 9110 5.6.2).</summary>
public static class HttpToken
{
    /// <summary>Besides letters and digits.</summary>
    public const string Others = "!#$%&'*+-.^_`|~";

    private static readonly SearchValues<char> s_all = SearchValues.Create(Others + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(s_all);
}
