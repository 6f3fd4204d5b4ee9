using System.Buffers;
using System.Text;

namespace ClusterMesh.Mesh.Routes;

/// <summary>
/// One spelling for each path, used both to match and to forward (peers.md section 4): unreserved characters are decoded,
/// dot segments removed, "//" collapsed, everything else kept as it was sent. "%2F" and "%5C" stay encoded.
/// </summary>
public static class RequestPath
{
    private static readonly SearchValues<char> s_suspicious = SearchValues.Create("%\\");
    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%\"<>[]^`{|}");

    /// <summary>The normal form of a path that begins with '/', or null when it is not a path (control bytes, a bad escape, a climb above the root).</summary>
    public static string? Normalize(string path)
    {
        if (path.Length == 0 || path[0] != '/' || path.AsSpan().ContainsAnyExcept(s_allowed)) return null;
        if (!path.AsSpan().ContainsAny(s_suspicious) && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal)) return path;
        return Decode(path) is { } decoded ? RemoveDotSegments(decoded) : null;
    }

    private static string? Decode(string path)
    {
        var text = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
            {
                text.Append(path[i]);
                continue;
            }

            if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2])) return null;
            var value = (char)((Convert.ToInt32(path[i + 1].ToString(), 16) << 4) | Convert.ToInt32(path[i + 2].ToString(), 16));
            if (value == 0) return null;
            if (char.IsAsciiLetterOrDigit(value) || value is '-' or '.' or '_' or '~') text.Append(value);
            else text.Append('%').Append(char.ToUpperInvariant(path[i + 1])).Append(char.ToUpperInvariant(path[i + 2]));
            i += 2;
        }

        return text.ToString();
    }

    // RFC 3986 5.2.4, except that climbing above the root is refused and empty segments go.
    private static string? RemoveDotSegments(string path)
    {
        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            switch (segments[i])
            {
                case "..":
                    if (kept.Count == 0) return null;
                    kept.RemoveAt(kept.Count - 1);
                    if (last) kept.Add("");
                    break;
                case "." or "" when last:
                    kept.Add("");
                    break;
                case "." or "":
                    break;
                default:
                    kept.Add(segments[i]);
                    break;
            }
        }

        return "/" + string.Join('/', kept);
    }
}
