namespace ClusterMesh.Cli.Demo;

/// <summary>A stretch of answers, in the order they came, and what can be counted in it.</summary>
internal sealed record Sample(IReadOnlyList<Answer> Answers)
{
    public int Served => Answers.Count(answer => answer.Failure is null);

    /// <summary>The share of the served requests, in percent.</summary>
    public double Percent(Func<Answer, bool> which) =>
        Served == 0 ? 0 : 100.0 * Answers.Count(answer => answer.Failure is null && which(answer)) / Served;

    public Sample Where(Func<Answer, bool> which) => new([.. Answers.Where(which)]);

    public Sample Before(TimeSpan moment) => Where(answer => answer.At < moment);

    public Sample From(TimeSpan moment) => Where(answer => answer.At >= moment);

    public Sample Last(int count) => new([.. Answers.TakeLast(count)]);
}
