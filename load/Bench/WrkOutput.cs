using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterMesh.Load.Bench;

/// <summary>What wrk prints, as far as it counts.</summary>
internal sealed partial record WrkOutput(double RequestsPerSecond, long Requests, long Errors)
{
    public static WrkOutput Parse(string text)
    {
        var rate = RateLine().Match(text);
        if (!rate.Success)
            throw new FormatException($"wrk printed no rate: {text.Trim()}");
        var socketErrors = SocketErrors().Match(text);
        long errors = socketErrors.Success ? socketErrors.Groups.Values.Skip(1).Sum(g => Number(g.Value)) : 0;
        var statuses = BadStatuses().Match(text);
        errors += statuses.Success ? Number(statuses.Groups[1].Value) : 0;
        return new WrkOutput(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), Number(Total().Match(text).Groups[1].Value), errors);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s*([\d.]+)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"(\d+) requests in ")]
    private static partial Regex Total();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex BadStatuses();
}
