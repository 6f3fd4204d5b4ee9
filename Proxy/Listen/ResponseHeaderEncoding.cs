using System.Text;
using Microsoft.Net.Http.Headers;

namespace ClusterMesh.Proxy.Listen;

/// <summary>
/// Backends' header bytes pass as they came (read as Latin-1, written as Latin-1). Headers that are ASCII by their grammar keep
/// Kestrel's faster way.
/// </summary>
internal static class ResponseHeaderEncoding
{
    private static readonly HashSet<string> s_ascii = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.ContentEncoding, HeaderNames.Date, HeaderNames.Connection,
        HeaderNames.TransferEncoding, HeaderNames.Vary, HeaderNames.LastModified, HeaderNames.CacheControl, HeaderNames.AcceptRanges,
    };

    public static Encoding? Select(string name) => s_ascii.Contains(name) ? null : Encoding.Latin1;
}
