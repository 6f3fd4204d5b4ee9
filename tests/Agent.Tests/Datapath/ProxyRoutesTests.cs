using System.Text.Json;
using ClusterMesh.Agent.Datapath.Proxy;
using ClusterMesh.Bpf;

namespace ClusterMesh.Agent.Tests.Datapath;

public sealed class ProxyRoutesTests
{
    private const string Rule = """{"priority":9,"src":"all","fwmark":"0x2","fwmask":"0xff","table":"2004"}""";

    [Fact]
    public void Rule_ThatIsThere_IsNotAddedAgain() => Assert.Equal([HostNetwork.ProxyRoute], Missing(Rule));

    [Theory]
    [InlineData(null)]
    [InlineData("""{"priority":9,"src":"all","fwmark":"0x2","table":"2004"}""")]
    [InlineData("""{"priority":9,"src":"all","fwmark":"0x3","fwmask":"0xff","table":"2004"}""")]
    [InlineData("""{"priority":9,"src":"10.0.0.1","fwmark":"0x2","fwmask":"0xff","table":"2004"}""")]
    [InlineData("""{"priority":9,"src":"all","fwmark":"0x2","fwmask":"0xff","table":"main"}""")]
    public void Rule_ThatIsMissingOrSomebodyElses_IsAdded(string? there) =>
        Assert.Equal([HostNetwork.ProxyRoute, "rule add priority 9 fwmark 2/255 lookup 2004"], Missing(there is null ? [] : [there]));

    private static IEnumerable<string> Missing(params string[] rules) => ProxyRoutes.Missing(rules.Select(rule => JsonDocument.Parse(rule).RootElement));
}
