using ClusterMesh.Cli.Demo;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Cli.Tests.Demo;

/// <summary>The manifests of config/demo, as they are copied beside the program.</summary>
public sealed class ManifestTests
{
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "config", "demo");

    [Fact]
    public void Pods_OfTheDemo_AreTheEndpointsOfVersionedSlices()
    {
        var west = PodReader.Read("west", Path.Combine(Source, "west"));
        var east = PodReader.Read("east", Path.Combine(Source, "east"));
        Assert.Equal(
            ["rebel-base-v1-a v1 127.1.0.1:8080", "rebel-base-v1-b v1 127.1.0.2:8080", "rebel-base-v2-a v2 127.1.0.3:8080", "rebel-base-v2-b v2 127.1.0.4:8080"],
            west.Select(pod => $"{pod.Name} {pod.Version} {pod.Address}"));
        Assert.Equal(5, east.Count);
        Assert.Equal("rebel-base-v3 v3 127.2.0.5", east.Where(pod => pod.Version == "v3").Select(pod => $"{pod.Service} {pod.Version} {pod.Address.Address}").Single());
    }

    [Fact]
    public void Endpoints_OfEveryService_ArePodsThatAreStarted()
    {
        foreach (var cluster in new[] { "west", "east" })
        {
            var started = PodReader.Read(cluster, Path.Combine(Source, cluster)).Select(pod => pod.Address.Address.ToString()).ToHashSet();
            var written = Directory.EnumerateFiles(Path.Combine(Source, cluster)).SelectMany(File.ReadLines)
                .Where(line => line.Contains("- addresses:")).Select(line => line.Split('"')[1]).ToHashSet();
            Assert.Equal(started.Order(), written.Order());
        }
    }

    [Fact]
    public void Pods_ThatAreStarted_HaveAnObjectWithLabelsAndANode()
    {
        foreach (var cluster in new[] { "west", "east" })
        {
            var directory = Path.Combine(Source, cluster);
            using var source = new DirectorySource(cluster, directory, TimeProvider.System);
            var objects = source.Load();
            Assert.Empty(objects.Problems);
            Assert.Equal($"{cluster}-node-1", objects.Nodes.Single().Key.Name);
            Assert.Equal(
                PodReader.Read(cluster, directory).Select(pod => $"{pod.Name} {pod.Service} {pod.Version} {pod.Address.Address}").Order(),
                objects.Pods.Select(pod => $"{pod.Key.Name} {pod.Meta.Labels["app"]} {pod.Meta.Labels["version"]} {pod.Ips.Single()}").Order());
            Assert.All(objects.Pods, pod => Assert.Equal($"{cluster}-node-1", pod.NodeName));
            Assert.All(objects.Slices.SelectMany(slices => slices).SelectMany(slice => slice.Endpoints), endpoint => Assert.Equal($"{cluster}-node-1", endpoint.NodeName));
        }
    }

    [Fact]
    public void Edit_OfACopy_ChangesTheCopyAlone()
    {
        var before = File.ReadAllText(Path.Combine(Source, "west", "canary.yaml"));
        string root;
        using (var copy = ManifestCopy.Of(Source, ["west", "east"]))
        {
            root = copy.Root;
            copy.Edit("west", "canary.yaml", "canary-weight: \"25\"", "canary-weight: \"75\"");
            Assert.Contains("canary-weight: \"75\"", File.ReadAllText(Path.Combine(copy.Directory("west"), "canary.yaml")));
            Assert.Contains("canary-weight: \"25\"", File.ReadAllText(Path.Combine(copy.Directory("east"), "canary.yaml")));
            Assert.Throws<DemoException>(() => copy.Edit("west", "canary.yaml", "canary-weight: \"25\"", ""));
            Assert.Throws<DemoException>(() => copy.Edit("west", "canary.yaml", "kind: Service", ""));
            Assert.Empty(Directory.EnumerateFiles(copy.Root, "*.new", SearchOption.AllDirectories));
        }

        Assert.Equal(before, File.ReadAllText(Path.Combine(Source, "west", "canary.yaml")));
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void Copy_WithoutACluster_SaysWhich()
    {
        var error = Assert.Throws<DemoException>(() => ManifestCopy.Of(Source, ["west", "north"]));
        Assert.Contains("cluster north", error.Message);
    }

    [Fact]
    public void EditAll_OfThePort_MovesEveryPod()
    {
        using var copy = ManifestCopy.Of(Source, ["east"]);
        copy.EditAll("port: 8080,", "port: 8099,");
        Assert.All(PodReader.Read("east", copy.Directory("east")), pod => Assert.Equal(8099, pod.Address.Port));
    }
}
