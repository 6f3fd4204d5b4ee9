namespace ClusterMesh.Load.Bench;

/// <summary>One value of one contender in one round.</summary>
internal sealed record Sample(string Measure, string Contender, int Round, double Value)
{
    public override string ToString() => FormattableString.Invariant($"{Measure} {Contender} {Round} {Value:G6}");
}
