namespace ClusterMesh.Proxy.Record;

/// <summary>Text of clients, bounded before it is kept.</summary>
internal static class Text
{
    /// <summary>At most so many characters; a pair of surrogates is not cut in two.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}
