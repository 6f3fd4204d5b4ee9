namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>Each wrong thing that a user may write, with what he is told: which object, which field, what was wrong.</summary>
public sealed class BadManifestTests
{
    [Theory]
    [MemberData(nameof(BadManifests.Rows), MemberType = typeof(BadManifests))]
    public void Load_BadManifest_NamesObjectFieldAndReason(string what, string text, string subject, string field, string reason)
    {
        using var directory = new TempDirectory().With("bad.yaml", text).With("good.yaml", Samples.Service("good"));

        var objects = directory.Load();

        var problem = Assert.Single(objects.Problems);
        Assert.Equal((subject, field), (problem.Subject, problem.Field));
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Equal("nothing of this file is used", problem.Instead);
        Assert.Matches(@"^bad\.yaml document 1, line \d+$", problem.Where);
        Assert.Equal("west", problem.Cluster);
        Assert.Single(objects.Services);
        Assert.True(objects.Ingresses.Count + objects.Slices.Count + objects.Secrets.Count == 0, what);
    }
}
