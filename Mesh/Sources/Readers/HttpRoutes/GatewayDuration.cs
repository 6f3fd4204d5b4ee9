using System.Globalization;
using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>GEP-2257: up to four whole numbers of up to five digits with h, m, s or ms: "1h30m", "250ms", "0s".</summary>
internal static partial class GatewayDuration
{
    /// <summary>Null when not set, and, with an error noted, when it is none.</summary>
    public static TimeSpan? Of(Field field)
    {
        if (field.Text() is not { } text) return null;
        if (Form().Match(text) is not { Success: true } match)
        {
            field.Error($"\"{Shown.Text(text)}\" is not a duration of whole h, m, s and ms such as 1m30s");
            return null;
        }

        return match.Groups[1].Captures.Aggregate(TimeSpan.Zero, (sum, part) => sum + Part(part.Value));
    }

    private static TimeSpan Part(string part)
    {
        var digits = part.TrimEnd('h', 'm', 's');
        var number = int.Parse(digits, CultureInfo.InvariantCulture);
        return part[digits.Length..] switch
        {
            "h" => TimeSpan.FromHours(number),
            "m" => TimeSpan.FromMinutes(number),
            "s" => TimeSpan.FromSeconds(number),
            _ => TimeSpan.FromMilliseconds(number),
        };
    }

    [GeneratedRegex("^([0-9]{1,5}(?:h|ms|m|s)){1,4}\\z")]
    private static partial Regex Form();
}
