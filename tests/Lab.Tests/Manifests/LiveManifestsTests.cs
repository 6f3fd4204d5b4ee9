using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Lab.Tests.Manifests;

public sealed class LiveManifestsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("clustermesh-lab-test-");

    [Fact]
    public void Objects_Replaced_ComeGoAndStay()
    {
        var live = new LiveManifests(_directory.FullName);
        live.Replace([Yaml.Pod("a"), Yaml.Pod("b")]);
        var unchanged = File.GetLastWriteTimeUtc(Path.Combine(_directory.FullName, "pod.default.a.json"));
        live.Replace([Yaml.Pod("a"), Yaml.Pod("c", labels: "{ greeting: \"it's ü\" }")]);
        Assert.Equal(["pod.default.a.json", "pod.default.c.json"], _directory.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.Equal(unchanged, File.GetLastWriteTimeUtc(Path.Combine(_directory.FullName, "pod.default.a.json")));
        Assert.Equal("it's ü", Yaml.Object(File.ReadAllText(Path.Combine(_directory.FullName, "pod.default.c.json"))).Text("metadata", "labels", "greeting"));
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
