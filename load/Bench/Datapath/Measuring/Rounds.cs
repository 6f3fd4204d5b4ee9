namespace ClusterMesh.DatapathBench.Measuring;

/// <summary>The rates of several sides that took turns: in each round every side once, every round beginning with another one.</summary>
internal sealed class Rounds
{
    private readonly Dictionary<string, double[]> _rates;

    internal Rounds(Dictionary<string, double[]> rates) => _rates = rates;

    public static Rounds Run(IReadOnlyList<Contender> contenders, int rounds, TimeSpan slice)
    {
        var rates = contenders.ToDictionary(contender => contender.Name, _ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                var contender = contenders[(turn + round) % contenders.Count];
                rates[contender.Name][round] = contender.Rate(slice);
            }
        }

        return new(rates);
    }

    public double Median(string name) => Median(_rates[name]);

    /// <summary>The median of the ratios within each round: what disturbed a round disturbed both of them.</summary>
    public double Ratio(string one, string other) => Median([.. _rates[one].Zip(_rates[other], (a, b) => a / b)]);

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
