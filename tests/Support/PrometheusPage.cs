using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClusterMesh.Tests;

/// <summary>Reads Prometheus' text format 0.0.4 strictly: whatever a scraper might refuse or misread fails the test.</summary>
internal sealed partial class PrometheusPage
{
    private readonly Dictionary<string, string> _types = [];
    private readonly HashSet<string> _closed = [];
    private readonly HashSet<string> _seen = [];
    private string _family = "";

    private PrometheusPage(string text)
    {
        Assert.EndsWith("\n", text);
        foreach (var line in text[..^1].Split('\n')) Line(line);
        foreach (var (name, type) in _types.Where(type => type.Value == "histogram")) CheckHistogram(name);
    }

    public List<PrometheusSample> Samples { get; } = [];

    public static PrometheusPage Parse(string text) => new(text);

    /// <summary>The one sample with that name and at least these labels.</summary>
    public double Value(string name, params (string Name, string Value)[] labels) => Assert.Single(All(name, labels)).Value;

    public IReadOnlyList<PrometheusSample> All(string name, params (string Name, string Value)[] labels) =>
        [.. Samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Name, "") == label.Value))];

    public string TypeOf(string family) => _types[family];

    private void Line(string line)
    {
        if (line.StartsWith("# HELP ", StringComparison.Ordinal))
        {
            _closed.Add(_family);
            _family = line.Split(' ')[2];
            Assert.True(_closed.Add(_family), $"{_family} comes twice");
            return;
        }

        if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            var parts = line.Split(' ');
            Assert.Equal(_family, parts[2]);
            Assert.Contains(parts[3], new[] { "counter", "gauge", "histogram" });
            _types.Add(parts[2], parts[3]);
            return;
        }

        var match = SampleLine().Match(line);
        Assert.True(match.Success, $"not a sample: {line}");
        var sample = new PrometheusSample(match.Groups[1].Value, LabelsOf(match.Groups[2].Value), Number(match.Groups[3].Value));
        var suffixes = _types[_family] == "histogram" ? new[] { "_bucket", "_sum", "_count" } : [""];
        Assert.Contains(sample.Name, suffixes.Select(suffix => _family + suffix));
        Assert.True(_seen.Add($"{sample.Name}{{{sample.Key}}}"), $"the same series twice: {line}");
        Samples.Add(sample);
    }

    private void CheckHistogram(string name)
    {
        foreach (var series in Samples.Where(sample => sample.Name == name + "_bucket").GroupBy(sample => sample.KeyWithout("le")))
        {
            var buckets = series.Select(sample => (Bound: Number(sample.Labels["le"]), sample.Value)).ToArray();
            Assert.Equal(buckets.OrderBy(bucket => bucket.Bound), buckets);
            Assert.Equal(buckets.OrderBy(bucket => bucket.Value).Select(bucket => bucket.Value), buckets.Select(bucket => bucket.Value));
            Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
            Assert.Equal(buckets[^1].Value, Samples.Single(sample => sample.Name == name + "_count" && sample.Key == series.Key).Value);
            Assert.Single(Samples, sample => sample.Name == name + "_sum" && sample.Key == series.Key);
        }
    }

    private static SortedDictionary<string, string> LabelsOf(string text)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var matches = Label().Matches(text);
        Assert.Equal(text, string.Join(',', matches.Select(match => match.Value)));
        foreach (Match match in matches) labels.Add(match.Groups[1].Value, Unescape(match.Groups[2].Value));
        return labels;
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++) plain.Append(text[i] != '\\' ? text[i] : text[++i] switch { 'n' => '\n', var c => c });
        return plain.ToString();
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([-+0-9.eE]+|\+Inf|-Inf|NaN)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?=,|$)""")]
    private static partial Regex Label();
}

internal sealed record PrometheusSample(string Name, SortedDictionary<string, string> Labels, double Value)
{
    public string Key => KeyWithout("");

    public string KeyWithout(string label) => string.Join(',', Labels.Where(pair => pair.Key != label).Select(pair => $"{pair.Key}={pair.Value}"));
}
