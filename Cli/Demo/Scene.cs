namespace ClusterMesh.Cli.Demo;

/// <summary>One row of the demo: something is done to the stage, requests are sent, and what they saw is checked.</summary>
internal abstract class Scene<TStage>
    where TStage : IStage
{
    public abstract string What { get; }

    /// <summary>Why this is to be expected, in one line.</summary>
    public abstract string Why { get; }

    /// <summary>Plays on real processes; each scene judges what it saw in a function of its own, without I/O.</summary>
    public abstract Task<IReadOnlyList<Check>> PlayAsync(TStage stage, CancellationToken cancel);
}

/// <summary>A row of the gateways.</summary>
internal abstract class Scene : Scene<Stage>
{
    protected static bool FromWest(Answer answer) => answer.Cluster == Stage.WestName;

    protected static bool FromEast(Answer answer) => answer.Cluster == Stage.EastName;

    protected static bool IsV1(Answer answer) => answer.Version == "v1";

    protected static bool IsV2(Answer answer) => answer.Version == "v2";

    protected static int Pods(Sample sample) =>
        sample.Answers.Where(answer => answer.Failure is null).Select(answer => (answer.Cluster, answer.Pod)).Distinct().Count();
}
