using ClusterMesh.Mesh.Telemetry.Prometheus;
using System.Buffers;
using System.Text;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Mesh.Telemetry.Otel;
using ClusterMesh.Proxy.Record.Prometheus;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Record;

public sealed class MetricTextTests
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly MetricText _text;

    public MetricTextTests() => _text = new(_bytes);

    private string Written => Encoding.UTF8.GetString(_bytes.WrittenSpan);

    [Fact]
    public void Family_HelpOfTwoLines_StaysOne()
    {
        _text.Family("x_total", "counter", "a\\b\nc");
        Assert.Equal("# HELP x_total a\\\\b\\nc\n# TYPE x_total counter\n", Written);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("\"\\\n", "\\\"\\\\\\n")]
    [InlineData("zürich", "zürich")]
    [InlineData("", "")]
    public void Labels_Value_IsEscaped(string value, string written)
    {
        _text.Labels.Clear().Add("a", value).Add("b", "2");
        _text.Sample(1.5);
        Assert.Equal($"{{a=\"{written}\",b=\"2\"}} 1.5\n", Written);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(12345678901, "12345678901")]
    [InlineData(0.1, "0.1")]
    public void Sample_Value_IsWrittenAsPrometheusReadsIt(double value, string written)
    {
        _text.Single("x", "gauge", "help", value);
        Assert.EndsWith($"\nx {written}\n", Written);
    }

    [Fact]
    public void Histogram_Counts_AreCumulated()
    {
        var reading = new DurationReading { Ticks = 3_000 };
        (reading.Counts[0], reading.Counts[2], reading.Counts[14]) = (2, 3, 1);
        _text.Family("d_seconds", "histogram", "help");
        _text.Labels.Clear().Add("a", "b");
        _text.Histogram(reading, ticksPerSecond: 1000);

        var page = PrometheusPage.Parse(Written);
        Assert.Equal(2, page.Value("d_seconds_bucket", ("le", "0.005"), ("a", "b")));
        Assert.Equal(2, page.Value("d_seconds_bucket", ("le", "0.01")));
        Assert.Equal(5, page.Value("d_seconds_bucket", ("le", "10")));
        Assert.Equal(6, page.Value("d_seconds_bucket", ("le", "+Inf")));
        Assert.Equal(6, page.Value("d_seconds_count", ("a", "b")));
        Assert.Equal(3, page.Value("d_seconds_sum"));
        Assert.Equal(15, page.All("d_seconds_bucket").Count);
    }

    [Theory]
    [InlineData("dotnet.gc.collections", "{collection}", "counter", "dotnet_gc_collections_total")]
    [InlineData("dotnet.process.cpu.time", "s", "counter", "dotnet_process_cpu_time_seconds_total")]
    [InlineData("dotnet.process.memory.working_set", "By", "gauge", "dotnet_process_memory_working_set_bytes")]
    [InlineData("dotnet.timer.count", "{timer}", "gauge", "dotnet_timer")]
    [InlineData("kestrel.connection.duration", "s", "histogram", "kestrel_connection_duration_seconds")]
    public void InstrumentNames_OfOpenTelemetry_FollowPrometheusRules(string name, string unit, string type, string expected) =>
        Assert.Equal(expected, InstrumentNames.Of(name, unit, type));
}
