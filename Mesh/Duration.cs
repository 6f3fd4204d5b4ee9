using System.Globalization;

namespace ClusterMesh.Mesh;

/// <summary>Go-style durations, as Kubernetes and its users write them: "250ms", "1.5s", "2m", "1h30m"; bare digits are seconds.</summary>
public static class Duration
{
    private static readonly (string Unit, double Seconds)[] s_units = [("ms", 0.001), ("us", 0.000001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>The time, at most 1,000 days; null when the text is not a duration.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        if (text.All(char.IsAsciiDigit) && Number(text) is { } bare) return Bounded(bare);
        var total = 0.0;
        while (text.Length > 0)
        {
            var digits = 0;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
            var rest = text[digits..];
            var unit = s_units.FirstOrDefault(unit => rest.StartsWith(unit.Unit, StringComparison.Ordinal));
            if (unit.Unit is null || Number(text[..digits]) is not { } value) return null;
            total += value * unit.Seconds;
            text = rest[unit.Unit.Length..];
            if (text.Length == 0) return Bounded(total);
        }

        return null;
    }

    private static double? Number(string text) =>
        text.Length is > 0 and < 16 && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 86_400_000));
}
