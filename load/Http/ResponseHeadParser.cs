using System.Buffers.Text;
using System.Text;

namespace ClusterMesh.Load.Http;

/// <summary>Reads a response head (RFC 9112) out of the bytes up to and with its empty line.</summary>
internal static class ResponseHeadParser
{
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ResponseHead head)
    {
        head = default;
        if (bytes.Length < 13 || !bytes.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(bytes[9..12], out int status, out var used) || used != 3)
            return false;

        var oldVersion = bytes[7] == (byte)'0';
        head = new ResponseHead(status, null, false, oldVersion, "-", "-");
        for (var rest = AfterLine(bytes); rest.Length > 2; rest = AfterLine(rest))
        {
            var end = rest.IndexOf("\r\n"u8);
            var colon = rest.IndexOf((byte)':');
            if (end < 0 || colon <= 0 || colon > end || !TryField(rest[..colon], rest[(colon + 1)..end].Trim((byte)' '), ref head))
                return false;
        }

        return true;
    }

    private static ReadOnlySpan<byte> AfterLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n"u8);
        return end < 0 ? [] : bytes[(end + 2)..];
    }

    private static bool TryField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref ResponseHead head)
    {
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            if (!Utf8Parser.TryParse(value, out long length, out var used) || used != value.Length || length < 0)
                return false;
            head = head with { Length = length };
        }
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            head = head with { Chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8) };
        }
        else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
        {
            head = head with { Close = Ascii.EqualsIgnoreCase(value, "close"u8) || (head.Close && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8)) };
        }
        else if (Ascii.EqualsIgnoreCase(name, "x-echo-cluster"u8))
        {
            head = head with { Cluster = Labels.Of(value) };
        }
        else if (Ascii.EqualsIgnoreCase(name, "x-echo-version"u8))
        {
            head = head with { Version = Labels.Of(value) };
        }

        return true;
    }
}
