using ClusterMesh.Load.Drills;

namespace ClusterMesh.Load.Tests;

public sealed class ManifestsTests
{
    [Fact]
    public void Slice_WithoutEndpoints_SaysAnEmptyList() =>
        Assert.EndsWith("endpoints: []\n", Manifests.Slice("web", 80, []), StringComparison.Ordinal);

    [Fact]
    public void Slice_WithEndpoints_ListsThem() =>
        Assert.Contains("endpoints:\n- addresses: [\"127.0.0.1\"]\n  conditions: {ready: true}\n", Manifests.Slice("web", 80, [("127.0.0.1", "p1")]), StringComparison.Ordinal);

    [Fact]
    public void ManyRoutes_HaveAsManyPathsAsAsked_AndOneForTheOtherService()
    {
        var lines = Manifests.ManyRoutes(10, 20, "web", "web2").Split('\n');

        Assert.Equal(200, lines.Count(l => l.Contains("pathType", StringComparison.Ordinal)));
        Assert.Equal(10, lines.Count(l => l == "kind: Ingress"));
        Assert.Contains("/p19,", Assert.Single(lines, l => l.Contains("name: web2,", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_OfTheDrill_ChangeEachTimeAndEndAtTheMeasuredOne()
    {
        var weights = Enumerable.Range(1, 100).Select(WeightsDrill.WeightAfter).ToArray();

        Assert.All(weights, w => Assert.InRange(w, 0, 100));
        Assert.All(weights.Zip(weights.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(25, weights[^1]);
    }
}
