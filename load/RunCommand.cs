using System.Net;
using ClusterMesh.Load.Generator;
using ClusterMesh.Load.Http;

namespace ClusterMesh.Load;

/// <summary>"run URL --rate N --seconds N [--warm-up N] [--host NAME] [--connections N]": loads one address and prints what it saw.</summary>
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

        await using var run = LoadRun.Start(plan, TimeProvider.System);
        await PassAsync(arguments.Number("warm-up", 0), stop);
        run.Recorder.Cut();
        await PassAsync(arguments.Number("seconds", 10), stop);
        var total = await run.StopAsync();
        var tally = run.Recorder.Cut();
        Console.WriteLine(TallyText.Lines(tally));
        Console.WriteLine(TallyText.Figures(tally, total));
        return total.Failed == 0 && total.Ok > 0 ? 0 : 1;
    }

    private static Task PassAsync(int seconds, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
}
