using System.Text;

namespace ClusterMesh.Proxy.Listen;

/// <summary>
/// Backends' header bytes pass as they came (read as Latin-1, written as Latin-1). Headers that are ASCII by their grammar keep
/// Kestrel's faster way.
/// </summary>
internal static class ResponseHeaderEncoding
{
    public static Encoding? Select(string name) => name switch
    {
        "Content-Type" or "Content-Length" or "Date" or "Connection" or "Transfer-Encoding" or "Vary" or "Last-Modified" or "Cache-Control"
            or "Content-Encoding" or "Accept-Ranges" => null,
        _ => Encoding.Latin1,
    };
}
