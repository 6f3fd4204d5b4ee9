using System.Globalization;

namespace ClusterMesh.Cli.Echo;

/// <summary>Durations as people write them: 250ms, 2s, 1m; a bare number is milliseconds.</summary>
internal static class Duration
{
    private static readonly (string Suffix, double Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("", 1)];

    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"'{text}' is not a duration");

    /// <summary>At most a day.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var unit = Array.Find(Units, unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        var number = text[..^unit.Suffix.Length];
        var valid = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * unit.Milliseconds <= TimeSpan.FromDays(1).TotalMilliseconds;
        duration = valid ? TimeSpan.FromMilliseconds(count * unit.Milliseconds) : default;
        return valid;
    }
}
