using ClusterMesh.Cli.Demo;

namespace ClusterMesh.Cli.Tests.Demo;

/// <summary>Stretches of answers, one per millisecond.</summary>
internal static class Answers
{
    public static Answer One(int at, string cluster = "west", string version = "v1", string pod = "a") =>
        new(TimeSpan.FromMilliseconds(at), cluster, version, pod);

    public static Sample Of(int count, Func<int, Answer> answer) => new([.. Enumerable.Range(0, count).Select(answer)]);

    /// <summary>All from one cluster, version v1, over so many pods.</summary>
    public static Sample From(string cluster, int count, int pods = 1) => Of(count, at => One(at, cluster, "v1", $"{at % pods}"));

    public static Sample WithFailure(this Sample sample) =>
        new([.. sample.Answers, Answer.Failed(sample.Answers[^1].At, "status 503")]);

    public static bool Hold(this IReadOnlyList<Check> checks) => new Row("", checks, "").Holds;
}
