namespace ClusterMesh.Mesh.Telemetry.Otel;

/// <summary>OpenTelemetry's names in Prometheus' alphabet, with unit and _total as its naming rules ask.</summary>
public static class InstrumentNames
{
    public static string Of(string name, string unit, string type)
    {
        var text = Label(name);
        // Only a histogram or summary may end so (promtool check metrics); a counter ends in _total.
        if (type != "counter" && text.EndsWith("_count", StringComparison.Ordinal)) text = text[..^"_count".Length];
        var suffix = unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
        if (!text.EndsWith(suffix, StringComparison.Ordinal)) text += suffix;
        return type == "counter" ? text + "_total" : text;
    }

    public static string Label(string name) =>
        string.Create(name.Length, name, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        });
}
