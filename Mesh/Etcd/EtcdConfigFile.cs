using System.Collections.Immutable;
using System.Text;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// Reads Cilium's etcd client file (cilium.md 1.3): <c>endpoints</c>, <c>trusted-ca-file</c>, <c>cert-file</c>, <c>key-file</c>;
/// other keys are ignored. The files that it names are looked at when a connection is made.
/// </summary>
public static class EtcdConfigFile
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxEndpoints = 64;

    /// <exception cref="EtcdConfigException">It cannot be read, or says nothing that can be used.</exception>
    public static EtcdConfig Read(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new EtcdConfigException(path, "", $"is larger than {MaxBytes:N0} bytes");
            return Parse(path, File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new EtcdConfigException(path, "", $"cannot be read: {e.Message}", e);
        }
        catch (YamlRefusedException e)
        {
            throw new EtcdConfigException(path, "", $"line {e.Line}: {e.Message}", e);
        }
    }

    private static EtcdConfig Parse(string path, string text)
    {
        if (NodeBuilder.Build(text) is not MapNode map)
            throw new EtcdConfigException(path, "", "is not a YAML map with endpoints");
        var config = new EtcdConfig(Endpoints(path, map["endpoints"]))
        {
            TrustedCaFile = FileOf(path, map, "trusted-ca-file"),
            CertFile = FileOf(path, map, "cert-file"),
            KeyFile = FileOf(path, map, "key-file"),
        };
        if (config.CertFile is null != config.KeyFile is null)
            throw new EtcdConfigException(path, config.CertFile is null ? "cert-file" : "key-file", "is missing, though the other half of the pair is there");
        return config;
    }

    private static ImmutableArray<Uri> Endpoints(string path, Node? node) => node switch
    {
        ListNode { Items.Count: > 0 and <= MaxEndpoints } list => [.. list.Items.Select((item, at) => EndpointOf(path, $"endpoints[{at}]", item)).Distinct()],
        ListNode { Items.Count: > MaxEndpoints } => throw new EtcdConfigException(path, "endpoints", $"are more than {MaxEndpoints}"),
        _ => throw new EtcdConfigException(path, "endpoints", "is not a list with at least one URL"),
    };

    private static Uri EndpointOf(string path, string field, Node node)
    {
        if (node is not ScalarNode { Text: var text })
            throw new EtcdConfigException(path, field, "is not a URL");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0, UserInfo: "", PathAndQuery: "/" }
            ? uri
            : throw new EtcdConfigException(path, field, $"\"{Shown.Text(text)}\" is not of the form https://host:port");
    }

    private static string? FileOf(string path, MapNode map, string field) => map[field] switch
    {
        null or ScalarNode { Type: ScalarType.Null } or ScalarNode { Text: "" } => null,
        ScalarNode { Text: var file } => Path.GetFullPath(file, Path.GetDirectoryName(path)!),
        _ => throw new EtcdConfigException(path, field, "is not the path of a file"),
    };
}
