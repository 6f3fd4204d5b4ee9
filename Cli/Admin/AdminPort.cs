using System.Diagnostics.CodeAnalysis;

namespace ClusterMesh.Cli.Admin;

/// <summary>Whose admin port is asked, and where it is if nobody says.</summary>
internal sealed record AdminPort(string Who, string Program, string Option, string Variable, string Default)
{
    public static readonly AdminPort
        Gateway = new("gateway", "clustermesh-ingress", "--admin", "CLUSTERMESH_ADMIN", "http://127.0.0.1:9901"),
        Agent = new("agent", "clustermesh-agent", "--agent", "CLUSTERMESH_AGENT", "http://127.0.0.1:9902");

    // sockaddr_un, less its end.
    private const int LongestSocket = 107;

    public string FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : Default;

    /// <summary>http://HOST:PORT, where the scheme may be left out, or unix:/PATH of a socket.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address)
    {
        if (text.StartsWith("unix:/", StringComparison.Ordinal))
            return Uri.TryCreate(text, UriKind.Absolute, out address) && address is { Host.Length: 0, AbsolutePath.Length: > 1 and <= LongestSocket };
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(full, UriKind.Absolute, out address)
            && address.Scheme is "http" or "https" && address.Host.Length > 0 && address.PathAndQuery == "/";
    }
}
