namespace ClusterMesh.Bench;

/// <summary>Times several things in turn, round after round, so that all of them see the same machine.</summary>
internal static class Rounds
{
    /// <returns>For each action the median of its times.</returns>
    public static TimeSpan[] Medians(int rounds, params Action[] actions)
    {
        var times = actions.Select(_ => new List<TimeSpan>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                var which = (i + round) % actions.Length;
                times[which].Add(Time(actions[which]));
            }
        }

        return [.. times.Select(t => t.Order().ElementAt(t.Count / 2))];
    }

    private static TimeSpan Time(Action action)
    {
        var start = TimeProvider.System.GetTimestamp();
        action();
        return TimeProvider.System.GetElapsedTime(start);
    }
}
