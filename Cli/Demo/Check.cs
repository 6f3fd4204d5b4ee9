using System.Globalization;

namespace ClusterMesh.Cli.Demo;

/// <summary>One thing that was expected and what was seen instead or indeed.</summary>
internal sealed record Check(string Expected, string Seen, bool Holds)
{
    /// <summary>A share in percent, within so many percentage points.</summary>
    public static Check Share(string of, Sample sample, Func<Answer, bool> which, double expected, double points)
    {
        var seen = sample.Percent(which);
        return new(
            Text($"{of} {expected:0.##}% ±{points:0.##}"),
            sample.Served == 0 ? $"{of}: no answers" : Text($"{of} {seen:0.##}% of {sample.Served}"),
            sample.Served > 0 && Math.Abs(seen - expected) <= points);
    }

    /// <summary>A share that has no play.</summary>
    public static Check All(string of, Sample sample, Func<Answer, bool> which) =>
        Share(of, sample, which, 100, 0) with { Expected = $"{of} 100%" };

    public static Check NoFailures(Sample sample)
    {
        var failures = sample.Answers.Where(answer => answer.Failure is not null).ToList();
        var first = failures.Count == 0 ? "" : $": {failures[0].Failure}";
        return new("0 failed", Text($"{failures.Count} of {sample.Answers.Count} failed{first}"), failures.Count == 0 && sample.Answers.Count > 0);
    }

    public static Check Pods(string where, Sample sample, Func<Answer, bool> which, int expected)
    {
        var seen = sample.Answers.Where(answer => answer.Failure is null && which(answer)).Select(answer => (answer.Cluster, answer.Pod)).Distinct().Count();
        return new(Text($"{expected} pods {where}"), Text($"{seen} pods {where}"), seen == expected);
    }

    /// <summary>Something that had to come to pass; null = it did not.</summary>
    public static Check Within(string what, TimeSpan? seen, TimeSpan limit) => new(
        Text($"{what} within {limit.TotalSeconds:0.##} s"),
        seen is { } time ? Text($"{what} after {time.TotalMilliseconds:0} ms") : $"{what}: not seen",
        seen <= limit);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
