using System.Diagnostics.CodeAnalysis;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>Where an etcd is reached: https://HOST:PORT. Only https, as its users are client certificates.</summary>
internal static class EtcdEndpoint
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? endpoint) =>
        Uri.TryCreate(text, UriKind.Absolute, out endpoint)
        && endpoint.Scheme == Uri.UriSchemeHttps && endpoint.Host.Length > 0 && endpoint.PathAndQuery == "/" && endpoint.UserInfo.Length == 0
        && text.TrimEnd('/').EndsWith($":{endpoint.Port}", StringComparison.Ordinal);

    /// <summary>As it is written: with its port, whatever it is, and without the slash at the end.</summary>
    public static string Text(Uri endpoint) => FormattableString.Invariant($"{endpoint.Scheme}://{endpoint.Host}:{endpoint.Port}");
}
