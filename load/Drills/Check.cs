using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Drills;

/// <summary>One thing that a drill demands, with what was seen in its place.</summary>
internal sealed record Check(string What, string Expected, string Seen, bool Passed)
{
    public static Check NoneFailed(Tally total) =>
        new("failed requests", "0 of those sent", $"{total.Failed} of {total.Sent}", total is { Failed: 0, Ok: > 0 } && total.Ok == total.Sent);

    /// <summary>The generator itself held the load that the drill is about.</summary>
    public static Check RateHeld(Tally total, int rate, TimeSpan length)
    {
        var seen = total.Sent / length.TotalSeconds;
        return new Check("steady load", $"{rate}/s", FormattableString.Invariant($"{seen:F0}/s"), seen >= rate * 0.95);
    }

    /// <summary>Everything in a window went to one place.</summary>
    public static Check All(string what, Shares shares, string name) =>
        new(what, $"{name} 100.00 %", shares.ToString(), shares.Total > 0 && shares.CountOf(name) == shares.Total);

    /// <param name="points">Allowed distance in percentage points.</param>
    public static Check Share(string what, Shares shares, string name, double percent, double points) =>
        new(what, FormattableString.Invariant($"{name} {percent} % within {points}"), shares.ToString(),
            shares.Total > 0 && Math.Abs(shares.Of(name) * 100 - percent) <= points);

    public static Check Within(string what, TimeSpan? took, TimeSpan bound) =>
        new(what, FormattableString.Invariant($"within {bound.TotalSeconds} s"),
            took is { } t ? FormattableString.Invariant($"after {t.TotalMilliseconds:F0} ms") : "not", took is not null);

    public static Check NoneCrashed(IEnumerable<string> crashed)
    {
        var seen = string.Join(", ", crashed);
        return new Check("processes", "none ends by itself", seen.Length == 0 ? "none did" : seen, seen.Length == 0);
    }

    public override string ToString() => $"{(Passed ? "ok  " : "FAIL")} {What}: expected {Expected}, seen {Seen}";
}
