using System.Text;

namespace ClusterMesh.Proxy.Listen;

/// <summary>
/// Latin-1 for the Connection field. Kestrel replaces a field that has keep-alive or close in it by that one word, and what
/// else it nominates would go on to the backend; with both words it stays, and the connection is closed after the response.
/// </summary>
internal sealed class ConnectionEncoding : Encoding
{
    public static readonly ConnectionEncoding Instance = new();

    // They are never forwarded, nominated or not.
    private static readonly string[] s_usual = ["", "keep-alive", "close", "upgrade", "te", "http2-settings"];

    public override int GetCharCount(byte[] bytes, int index, int count) => Read(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Read(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    public override int GetMaxCharCount(int byteCount) => byteCount + 32;

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    private static string Read(ReadOnlySpan<byte> bytes)
    {
        var text = Latin1.GetString(bytes);
        foreach (var range in text.AsSpan().Split(','))
        {
            if (!IsUsual(text.AsSpan(range).Trim())) return text + ", keep-alive, close";
        }

        return text;
    }

    private static bool IsUsual(ReadOnlySpan<char> option)
    {
        foreach (var usual in s_usual)
        {
            if (option.Equals(usual, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
