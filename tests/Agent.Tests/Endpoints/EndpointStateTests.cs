using System.Net;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Tests.Datapath;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Agent.Tests.Endpoints;

public sealed class EndpointStateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-state-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Pool_Given_TheLowestFirstAndWhatWasLetGoLast()
    {
        var pool = new AddressPool(IPNetwork.Parse("10.0.0.0/29"));
        Assert.Equal("10.0.0.1", pool.Router.ToString());
        Assert.Equal("10.0.0.6", pool.Ingress.ToString());
        Assert.Equal("10.0.0.2", Next([], []));
        Assert.Equal("10.0.0.4", Next(["10.0.0.2"], ["10.0.0.3"]));
        Assert.Equal("10.0.0.5", Next(["10.0.0.2", "10.0.0.4"], ["10.0.0.5", "10.0.0.3"]));
        Assert.Null(Next(["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"], ["10.0.0.5"]));

        string? Next(string[] taken, string[] released) => pool.Next(taken.Select(IPAddress.Parse).ToHashSet(), [.. released.Select(IPAddress.Parse)])?.ToString();
    }

    [Theory]
    [InlineData("10.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("10.0.0.2", true)]
    [InlineData("10.0.0.5", true)]
    [InlineData("10.0.0.6", false)]
    [InlineData("10.0.0.7", false)]
    [InlineData("10.0.0.8", false)]
    public void Pool_Asked_GivesNeitherTheNodesNorTheRangesOwn(string address, bool may) => Assert.Equal(may, new AddressPool(IPNetwork.Parse("10.0.0.0/29")).Contains(IPAddress.Parse(address)));

    [Fact]
    public void Ids_GivenInTurn_DoNotComeBackAtOnce()
    {
        var first = Scene.Endpoint("a", "10.1.1.2", 7);
        var state = EndpointState.Empty.With(first).Without(first);
        Assert.Equal(8, state.NextId(new HashSet<ushort>()));
        Assert.Equal(10, state.NextId(new HashSet<ushort> { 8, 9 }));
        Assert.Equal(1, (state with { LastId = ushort.MaxValue }).NextId(new HashSet<ushort>()));
        Assert.Equal([first.Address], state.Released);
        Assert.Empty(state.With(first).Released);
    }

    [Fact]
    public void File_WrittenAndRead_IsTheSameState()
    {
        var file = new EndpointFile(_directory);
        Assert.Empty(file.Read().Endpoints);
        var state = EndpointState.Empty.With(Scene.Endpoint("a", "10.1.1.2", 7)).With(Scene.Endpoint("b", "10.1.1.3", 8)).Without(Scene.Endpoint("b", "10.1.1.3", 8));
        file.Write(state);
        var read = file.Read();
        // Its interface is none of this machine's.
        Assert.Equal(Scene.Endpoint("a", "10.1.1.2", 7) with { Ifindex = 0 }, Assert.Single(read.Endpoints.Values));
        Assert.Equal((8, "10.1.1.3"), (read.LastId, Assert.Single(read.Released).ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{ "lastId": 1 }""")]
    [InlineData("""{ "lastId": 1, "released": ["nonsense"], "endpoints": [] }""")]
    public void File_ThatIsNoneOfOurs_IsSaidAndNotReplaced(string text)
    {
        var file = new EndpointFile(_directory);
        File.WriteAllText(file.Path, text);
        Assert.Contains(file.Path, Assert.Throws<IOException>(file.Read).Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(file.Path));
    }

    [Fact]
    public void Names_OfAPod_FitTheKernelAndStayTheSame()
    {
        var names = EndpointNames.Of(new("default", "a"), "/run/netns/x");
        Assert.Equal(15, names.Interface.Length);
        Assert.Equal(names, EndpointNames.Of(new("default", "a"), "/run/netns/x"));
        Assert.NotEqual(names.Interface, EndpointNames.Of(new("default", "a"), "/run/netns/y").Interface);
        // Of one station, and administered locally.
        Assert.Equal("2", $"{Convert.ToByte(names.PodMac.ToString()[..2], 16) & 3}");
        Assert.NotEqual(names.PodMac, names.NodeMac);
    }

    [Fact]
    public void Pods_WithAnEndpointAndNoAddressWritten_HaveTheEndpoints()
    {
        PodObject without = new(new(new("default", "a")), null, []), with = new(new(new("default", "b")), "n9", ["10.9.0.1"]);
        var objects = new ClusterObjects("west") { Pods = [without, with] };
        var endpoints = EndpointState.Empty.With(Scene.Endpoint("a", "10.1.1.2")).With(Scene.Endpoint("b", "10.1.1.3", 2)).Endpoints;
        var told = EndpointPods.In(objects, "n1", endpoints).Pods;
        Assert.Equal(("n1", "10.1.1.2"), (told[0].NodeName, Assert.Single(told[0].Ips)));
        Assert.Same(with, told[1]);
        Assert.Same(objects, EndpointPods.In(objects, "n1", EndpointState.Empty.Endpoints));
    }
}
