using System.Net;
using ClusterMesh.Load.Generator;
using ClusterMesh.Load.Http;

namespace ClusterMesh.Load;

/// <summary>"run URL --rate N --seconds N [--host NAME] [--connections N]": loads one address and prints what it saw.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var url = new Uri(arguments.Words.ElementAtOrDefault(1) ?? throw new FormatException("run needs a URL"));
        var address = new IPEndPoint(IPAddress.Parse(url.Host), url.Port);
        var connections = arguments.Number("connections", ConnectionLimits.Default.Kept);
        var target = new Target(url.Authority, address, arguments.Text("host", url.Authority), url.PathAndQuery);
        var plan = new LoadPlan(arguments.Number("rate", 2000), [target])
        {
            Connections = ConnectionLimits.Default with { Kept = connections, Most = Math.Max(connections, ConnectionLimits.Default.Most) },
        };

        var run = LoadRun.Start(plan, TimeProvider.System);
        await Task.Delay(TimeSpan.FromSeconds(arguments.Number("seconds", 10)), TimeProvider.System, stop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var tally = await run.StopAsync();
        Console.WriteLine(TallyText.Lines(tally));
        Console.WriteLine(TallyText.Figures(tally));
        return tally.Failed == 0 && tally.Ok > 0 ? 0 : 1;
    }
}
