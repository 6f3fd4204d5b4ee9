using System.Buffers;
using System.Text;

namespace ClusterMesh.Mesh.Telemetry.Prometheus;

/// <summary>A set of labels as Prometheus reads it, built once for all samples of a series: <c>a="x",b="y"</c>.</summary>
public sealed class Labels
{
    private static readonly SearchValues<char> s_special = SearchValues.Create("\\\"\n");

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public Labels Clear()
    {
        _bytes.ResetWrittenCount();
        return this;
    }

    /// <param name="name">A valid label name; it is not escaped.</param>
    public Labels Add(string name, string value)
    {
        if (_bytes.WrittenCount > 0) _bytes.Write(","u8);
        Encoding.UTF8.GetBytes(name, _bytes);
        _bytes.Write("=\""u8);
        Escape(value);
        _bytes.Write("\""u8);
        return this;
    }

    private void Escape(ReadOnlySpan<char> rest)
    {
        while (rest.IndexOfAny(s_special) is >= 0 and var at)
        {
            Encoding.UTF8.GetBytes(rest[..at], _bytes);
            _bytes.Write(rest[at] switch { '\\' => "\\\\"u8, '"' => "\\\""u8, _ => "\\n"u8 });
            rest = rest[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, _bytes);
    }
}
