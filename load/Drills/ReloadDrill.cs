using ClusterMesh.Load.Generator;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

internal sealed class ReloadDrill : IDrill
{
    private const int Reloads = 100;
    private const int Hosts = 100;
    private const int PathsPerHost = 100;
    private const int LargeEvery = 10;
    private const string MarkerHost = "marker.drill";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    private readonly LogHistogram _small = new();
    private readonly LogHistogram _large = new();
    private bool _next;

    public string Name => "reload";

    public string Story =>
        $"{Reloads} manifest reloads with {Hosts * PathsPerHost} routes present: small changed files, the large file touched and rewritten";

    public async Task PrepareAsync(DrillContext context, CancellationToken stop)
    {
        WriteMarker(context);
        WriteRoutes(context, Scene.Service);
        await context.Stage.StartAsync(context.Scene.Next, stop);
    }

    public async Task PlayAsync(DrillContext context, CancellationToken stop)
    {
        var last = await LastRouteAsync(context, stop);
        context.Checks.Add(new Check("the last of the routes", "v1", last, last == "v1"));
        for (var reload = 1; reload <= Reloads; reload++)
            await ReloadAsync(context, reload, stop);

        context.Say($"a small change took {Took(_small)} to reach traffic, one of the large file {Took(_large)}");
        var applied = _small.Count + _large.Count;
        context.Checks.Add(new Check("reloads seen in traffic", $"{Reloads}", $"{applied}", applied == Reloads));
        await context.ExpectOnlyAsync("later on", "west", TimeSpan.FromSeconds(2), stop);
    }

    /// <summary>Every so often the large file is touched as well, or rewritten with one route changed.</summary>
    private async Task ReloadAsync(DrillContext context, int reload, CancellationToken stop)
    {
        var large = reload % LargeEvery == 0;
        var rewritten = large && reload / LargeEvery % 2 == 0;
        var start = context.Time.GetTimestamp();
        if (rewritten)
        {
            var service = reload / LargeEvery % 4 == 0 ? Scene.Service : Scene.NextService;
            WriteRoutes(context, service);
            await SeenAsync(context, _large, start, async () => await LastRouteAsync(context, stop) == Version(service == Scene.NextService), stop);
            return;
        }

        if (large)
            context.Stage.West.Touch("routes.yaml", context.Time);
        _next = !_next;
        WriteMarker(context);
        var wanted = Version(_next);
        await SeenAsync(context, large ? _large : _small, start,
            async () => await context.Gateways[0].VersionAsync(MarkerHost, "/", stop) == wanted, stop);
    }

    private static async Task SeenAsync(DrillContext context, LogHistogram times, long start, Func<Task<bool>> seen, CancellationToken stop)
    {
        if (await Until.TrueAsync(seen, Bound, TimeSpan.FromMilliseconds(10), stop) is not null)
            times.Add((long)context.Time.GetElapsedTime(start).TotalNanoseconds);
    }

    private static Task<string> LastRouteAsync(DrillContext context, CancellationToken stop) =>
        context.Gateways[0].VersionAsync(Manifests.BulkHost(Hosts - 1), Manifests.BulkPath(PathsPerHost - 1), stop);

    private void WriteMarker(DrillContext context) =>
        context.Stage.West.Write("marker.yaml", Manifests.Ingress("marker", MarkerHost, _next ? Scene.NextService : Scene.Service));

    private static void WriteRoutes(DrillContext context, string lastService) =>
        context.Stage.West.Write("routes.yaml", Manifests.ManyRoutes(Hosts, PathsPerHost, Scene.Service, lastService));

    private static string Version(bool next) => next ? "v2" : "v1";

    private static string Took(LogHistogram times) =>
        $"{TallyText.Milliseconds(times.Quantile(0.5))} (median), {TallyText.Milliseconds(times.Max)} (most)";
}
