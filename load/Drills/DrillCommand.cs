namespace ClusterMesh.Load.Drills;

/// <summary>"drill NAME [--rate N] [--keep-files]": plays one drill, or all of them and a table.</summary>
internal static class DrillCommand
{
    private static readonly IDrill[] Drills =
        [new KillLocalDrill(), new RemoveSliceDrill(), new RestoreDrill(), new WeightsDrill(), new ReloadDrill(), new SigtermDrill()];

    public static string Names => string.Join(", ", Drills.Select(d => d.Name)) + ", all";

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var name = arguments.Words.ElementAtOrDefault(1);
        var chosen = Drills.Where(d => name == "all" || d.Name == name).ToArray();
        if (chosen.Length == 0)
            throw new FormatException($"drill \"{name}\" is none of {Names}");

        var setup = new DrillSetup(arguments.Number("rate", 2000), arguments.Flag("keep-files"));
        var reports = new List<DrillReport>();
        foreach (var drill in chosen)
            reports.Add(await DrillRunner.RunAsync(drill, setup, stop));

        Console.WriteLine();
        Console.WriteLine(DrillTable.Text(reports));
        return reports.All(r => r.Passed) ? 0 : 1;
    }
}
