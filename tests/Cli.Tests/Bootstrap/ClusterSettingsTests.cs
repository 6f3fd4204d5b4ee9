using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Tests.Bootstrap;

public sealed class ClusterSettingsTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    private ClusterHome Home => new(_root.Path);

    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        var written = new ClusterSettings("west", 7, [new("https://10.0.0.1:2379"), new("https://[::1]:2379")]) { Advertised = [new("https://west.mesh:443")] };
        written.Write(Home);
        var read = ClusterSettings.Read(Home);
        Assert.Equal(("west", 7), (read.Name, read.Id));
        Assert.Equal(written.Endpoints.AsEnumerable(), read.Endpoints);
        Assert.Equal(written.Advertised.AsEnumerable(), read.ForOthers);
        Assert.Equal("name: west\nid: 7\nendpoints:\n- https://10.0.0.1:2379\n- https://[::1]:2379\nadvertised-endpoints:\n- https://west.mesh:443\n", File.ReadAllText(Home.ClusterFile));
    }

    [Fact]
    public void ForOthers_WhenNothingElseIsSaid_IsTheSame() => Assert.Equal(
        new("https://10.0.0.1:2379"), Assert.Single(new ClusterSettings("west", 7, [new("https://10.0.0.1:2379")]).ForOthers));

    [Theory]
    [InlineData("name: west\nid: 1\n", "endpoints: at least one is needed")]
    [InlineData("name: West\nid: 1\nendpoints: [https://a:1]\n", "name: cluster name 'West'")]
    [InlineData("name: [a, b]\nid: 1\nendpoints: [https://a:1]\n", "name: one value is expected")]
    [InlineData("name: west\nid: 300\nendpoints: [https://a:1]\n", "id: cluster id 300 is not in 1..255")]
    [InlineData("name: west\nid: one\nendpoints: [https://a:1]\n", "id: 'one' is not a number")]
    [InlineData("name: west\nid: 1\nendpoints: http://a:1\n", "endpoints: 'http://a:1' is not https://HOST:PORT")]
    [InlineData("name: west\nname: east\n", "line 2: name comes twice")]
    [InlineData("- a\n", "line 1: not the YAML that is expected here")]
    [InlineData("name: {a: b}\n", "line 1: not the YAML that is expected here")]
    [InlineData("name: \"west\n", "not the YAML that is expected here")]
    [InlineData("", "not the YAML that is expected here")]
    public void Read_OfSomethingElse_NamesFileAndField(string yaml, string expected)
    {
        File.WriteAllText(Home.ClusterFile, yaml);
        var error = Assert.Throws<BootstrapException>(() => ClusterSettings.Read(Home));
        Assert.StartsWith(Home.ClusterFile, error.Message);
        Assert.Contains(expected, error.Message);
    }

    public void Dispose() => _root.Dispose();
}
