using System.Globalization;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>The header grpc-timeout: at most eight digits and a unit (grpc/doc/PROTOCOL-HTTP2.md).</summary>
internal static class GrpcTimeout
{
    public const string Header = "grpc-timeout";
    private const int MaxDigits = 8;

    /// <summary>Longer ones are as good as none, and more than a timer takes.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    public static bool TryParse(string text, out TimeSpan? timeout)
    {
        timeout = null;
        if (text.Length is < 2 or > MaxDigits + 1 || TicksOf(text[^1]) is not { } unit
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var time = TimeSpan.FromTicks((long)Math.Ceiling(count * unit));
        timeout = time > s_longest ? null : time;
        return true;
    }

    public static string Format(TimeSpan timeout)
    {
        var milliseconds = Math.Max(1, (long)Math.Ceiling(timeout.TotalMilliseconds));
        return milliseconds < 100_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(milliseconds / 1000, 99_999_999)}S");
    }

    private static double? TicksOf(char unit) => unit switch
    {
        'n' => 0.01,
        'u' => TimeSpan.TicksPerMicrosecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'S' => TimeSpan.TicksPerSecond,
        'M' => TimeSpan.TicksPerMinute,
        'H' => TimeSpan.TicksPerHour,
        _ => null,
    };
}
