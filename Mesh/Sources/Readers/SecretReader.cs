using System.Text;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Secrets of the type kubernetes.io/tls; nobody here has a use for the others.</summary>
internal static class SecretReader
{
    public const string DefaultType = "Opaque";

    public static SecretObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in root["data"].Entries())
            values[key] = Decoded(value);
        // As in the API server, stringData is written over data.
        foreach (var (key, value) in root["stringData"].Entries())
            values[key] = Encoding.UTF8.GetBytes(value.Text() ?? "");
        return new SecretObject(meta, root["type"].Text() ?? DefaultType, values);
    }

    private static byte[] Decoded(Field field)
    {
        try
        {
            return Convert.FromBase64String(field.Text() ?? "");
        }
        catch (FormatException)
        {
            field.Error("is not base64 (plain text belongs under stringData)");
            return [];
        }
    }
}
