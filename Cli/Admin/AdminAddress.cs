using System.Diagnostics.CodeAnalysis;

namespace ClusterMesh.Cli.Admin;

/// <summary>Where a gateway's admin port is: http://HOST:PORT; the scheme may be left out.</summary>
internal static class AdminAddress
{
    public const string Default = "http://127.0.0.1:9901";

    public const string Variable = "CLUSTERMESH_ADMIN";

    public static string FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : Default;

    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(full, UriKind.Absolute, out address)
            && address.Scheme is "http" or "https" && address.Host.Length > 0 && address.PathAndQuery == "/";
    }
}
