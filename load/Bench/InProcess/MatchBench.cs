using ClusterMesh.Proxy.Match;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Bench;

/// <summary>Time to find a route among 10, 1,000 and 10,000, spread over hosts and all on one host. It should not grow with their number.</summary>
internal static class MatchBench
{
    /// <summary>Few enough to stay in the cache: the table is measured, not the list of questions.</summary>
    private const int Questions = 256;

    private static readonly int[] Sizes = [10, 1000, 10_000];

    public static void Run(bool quick)
    {
        Measure("match", routes => new MeshSize(routes / 10, 10, 10, 2), quick);
        Measure("match-one-host", routes => new MeshSize(1, routes, 10, 2), quick);
    }

    private static void Measure(string name, Func<int, MeshSize> sizeOf, bool quick)
    {
        var lookups = quick ? 20_000 : 2_000_000;
        var actions = Sizes.Select(routes => Lookups(sizeOf(routes), lookups)).ToArray();
        Rounds.Medians(quick ? 1 : 3, actions);
        var medians = Rounds.Medians(quick ? 3 : 9, actions);
        for (var i = 0; i < Sizes.Length; i++)
            Print.Value($"{name}-{Sizes[i]}-routes", medians[i].TotalNanoseconds / lookups, "ns");
        for (var i = 1; i < Sizes.Length; i++)
            Print.Ratio($"{name}-{Sizes[i]}-vs-{Sizes[0]}", medians[i] / medians[0]);
    }

    private static Action Lookups(MeshSize size, int lookups)
    {
        var mesh = new MeshObjects(size);
        var side = new OurSide();
        side.Apply(mesh.West(), mesh.East());
        if (side.Routes != size.Routes)
            throw new InvalidOperationException($"{side.Routes} routes instead of {size.Routes}");

        var questions = Ask(size);
        var headers = new HeaderDictionary();
        return () => FindAll(side.Matcher, questions, headers, lookups);
    }

    private static (string Host, string Path)[] Ask(MeshSize size)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Questions).Select(_ =>
            (MeshSize.Host(random.Next(size.Hosts)), MeshSize.Path(random.Next(size.PathsPerHost)) + "/parts/7"))];
    }

    private static void FindAll(RouteMatcher matcher, (string Host, string Path)[] questions, HeaderDictionary headers, int lookups)
    {
        for (var i = 0; i < lookups; i++)
        {
            var (host, path) = questions[i % Questions];
            if (matcher.Find(host, path, "GET", headers) is null)
                throw new InvalidOperationException($"no route for {host}{path}");
        }
    }
}
