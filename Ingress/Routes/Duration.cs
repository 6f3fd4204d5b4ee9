using System.Globalization;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Times in annotations: whole seconds as nginx writes them ("60"), or Go's durations ("1m30s", "500ms").</summary>
internal static class Duration
{
    /// <summary>Longer than anybody waits, shorter than what a timer can hold.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>Above zero.</summary>
    public static bool TryPositive(string text, out TimeSpan value) => TryParse(text, out value) && value > TimeSpan.Zero;

    /// <summary>Zero means "no bound", here null.</summary>
    public static bool TryBound(string text, out TimeSpan? value)
    {
        var parsed = TryParse(text, out var span);
        value = span == TimeSpan.Zero ? null : span;
        return parsed;
    }

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text.Length == 0)
            return false;
        if (text.All(char.IsAsciiDigit))
            return TrySum(text + "s", out value);
        return TrySum(text, out value);
    }

    private static bool TrySum(ReadOnlySpan<char> rest, out TimeSpan sum)
    {
        var seconds = 0.0;
        sum = TimeSpan.Zero;
        while (rest.Length > 0)
        {
            var number = rest.IndexOfAnyExcept("0123456789.");
            if (number <= 0 || !double.TryParse(rest[..number], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
                return false;
            rest = rest[number..];
            var unit = rest.IndexOfAny("0123456789.") is var next and >= 0 ? rest[..next] : rest;
            if (SecondsIn(unit) is not { } factor)
                return false;
            seconds += amount * factor;
            rest = rest[unit.Length..];
        }
        sum = seconds >= Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static double? SecondsIn(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1e-9, "us" or "µs" => 1e-6, "ms" => 1e-3, "s" => 1, "m" => 60, "h" => 3600, _ => null,
    };
}
