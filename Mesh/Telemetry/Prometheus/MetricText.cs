using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClusterMesh.Mesh.Telemetry.Prometheus;

/// <summary>Writes Prometheus' text format, version 0.0.4: all samples of a family follow its HELP and TYPE.</summary>
public sealed class MetricText(IBufferWriter<byte> to)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private string _family = "";

    /// <summary>To fill for the next sample.</summary>
    public Labels Labels { get; } = new();

    /// <param name="type">counter, gauge or histogram.</param>
    public void Family(string name, string type, string help)
    {
        _family = name;
        Write($"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n# TYPE {name} {type}\n");
    }

    /// <summary>One family with one sample without labels.</summary>
    public void Single(string name, string type, string help, double value)
    {
        Family(name, type, help);
        Labels.Clear();
        Sample(value);
    }

    /// <summary>A sample of the family with the labels as they are now.</summary>
    public void Sample(double value, string suffix = "")
    {
        Begin(suffix);
        if (Labels.Bytes.Length > 0) Braces();
        Value(value);
    }

    /// <param name="counts">Of each bucket alone, one for each bound.</param>
    /// <param name="bounds">As text; the last one is "+Inf".</param>
    public void Histogram(ReadOnlySpan<long> counts, ReadOnlySpan<string> bounds, double sum)
    {
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            Begin("_bucket");
            to.Write("{"u8);
            to.Write(Labels.Bytes);
            if (Labels.Bytes.Length > 0) to.Write(","u8);
            to.Write("le=\""u8);
            Write(bounds[i]);
            to.Write("\"}"u8);
            Value(total);
        }

        Sample(sum, "_sum");
        Sample(total, "_count");
    }

    private void Begin(string suffix)
    {
        Write(_family);
        Write(suffix);
    }

    private void Braces()
    {
        to.Write("{"u8);
        to.Write(Labels.Bytes);
        to.Write("}"u8);
    }

    private void Value(double value)
    {
        to.Write(" "u8);
        if (double.IsFinite(value))
        {
            var span = to.GetSpan(32);
            value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
            to.Advance(written);
        }
        else
        {
            to.Write(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
        }

        to.Write("\n"u8);
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, to);
}
