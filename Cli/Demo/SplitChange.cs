namespace ClusterMesh.Cli.Demo;

/// <summary>Finds the moment at which a split went over from one share to another, in answers alone.</summary>
internal static class SplitChange
{
    /// <summary>
    /// Each answer of the canary speaks for the new share, each other one against it, so the running sum falls before the
    /// change and rises after it: the lowest point is the change. Null when the sum never rises clearly afterwards.
    /// </summary>
    /// <param name="clear">How far above the lowest point the sum must end, in answers.</param>
    public static TimeSpan? Find(Sample sample, Func<Answer, bool> canary, double oldShare, double newShare, double clear = 50)
    {
        var middle = (oldShare + newShare) / 2;
        var (sum, lowest) = (0.0, 0.0);
        TimeSpan? change = null;
        foreach (var answer in sample.Answers.Where(answer => answer.Failure is null))
        {
            sum += (canary(answer) ? 1 : 0) - middle;
            change ??= answer.At;
            if (sum > lowest)
                continue;
            lowest = sum;
            change = answer.At;
        }

        return sum - lowest >= clear ? change : null;
    }
}
