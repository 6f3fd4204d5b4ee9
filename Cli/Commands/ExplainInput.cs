using ClusterMesh.Mesh;

namespace ClusterMesh.Cli.Commands;

/// <summary>Reads the words of an explain command; each *Error is null when the word is fine.</summary>
internal static class ExplainInput
{
    public static string? MethodError(string text) => HttpToken.IsToken(text) ? null : $"'{text}' is not a method";

    public static string? UrlError(string text) =>
        Uri.TryCreate(Url(text), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            ? null
            : $"'{text}' is not a URL with a host, such as http://rebel-base.example/path";

    public static string? HeaderError(string text) =>
        text.IndexOf(':') is > 0 and var colon && HttpToken.IsToken(text.AsSpan(0, colon)) ? null : $"-H '{text}' is not name:value";

    /// <summary>The words as they came, only with a scheme: the gateway normalizes paths, not we.</summary>
    public static string Url(string text) => text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";

    public static KeyValuePair<string, string> Header(string text)
    {
        var parts = text.Split(':', 2);
        return new(parts[0], parts[1].Trim());
    }
}
