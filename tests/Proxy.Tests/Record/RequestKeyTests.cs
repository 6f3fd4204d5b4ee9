using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Record.Metrics;

namespace ClusterMesh.Proxy.Tests.Record;

public sealed class RequestKeyTests
{
    [Fact]
    public void Key_EveryWordOfEachVocabulary_ComesBack()
    {
        foreach (var end in Enum.GetValues<EndReason>())
        {
            foreach (var split in Enum.GetValues<SplitReason>())
            {
                foreach (var reason in Enum.GetValues<PoolReason>())
                {
                    var key = new RequestKey(9, 599, 4095, 4095, end, split, reason);
                    Assert.Equal((9, 599, 4095, 4095, end, split, reason), (key.Method, key.Status, key.Target, key.Cluster, key.End, key.Split!.Value, key.Reason!.Value));
                }
            }
        }
    }

    [Fact]
    public void Key_WithoutDecision_HasNone()
    {
        var key = new RequestKey(1, 404, 0, 0, EndReason.NoRoute, null, null);
        Assert.Equal((0, 0, null, null), (key.Target, key.Cluster, key.Split, key.Reason));
        Assert.Equal((1, 404, EndReason.NoRoute), (key.Method, key.Status, key.End));
    }

    [Theory]
    [InlineData(1000, 999)]
    [InlineData(-1, 0)]
    public void Key_StatusOutsideThreeDigits_StaysInItsBits(int status, int kept)
    {
        var key = new RequestKey(1, status, 2, 3, EndReason.Ok, SplitReason.Only, PoolReason.Local);
        Assert.Equal((1, kept, 2, 3), (key.Method, key.Status, key.Target, key.Cluster));
    }

    [Fact]
    public void Coarsen_OtherClusterAndReason_IsTheSame()
    {
        var west = new RequestKey(1, 200, 2, 1, EndReason.Ok, SplitReason.Weight, PoolReason.Local);
        var east = new RequestKey(1, 200, 2, 2, EndReason.Reset, SplitReason.Failover, PoolReason.Failover);
        Assert.Equal(west.Coarsen(), east.Coarsen());
        Assert.NotEqual(west.Coarsen(), new RequestKey(1, 200, 3, 1, EndReason.Ok, SplitReason.Weight, PoolReason.Local).Coarsen());
    }

    [Fact]
    public void ToString_AnyKey_Ends() =>
        Assert.Contains("Status = 404", new RequestKey(1, 404, 0, 0, EndReason.NoRoute, null, null).ToString(), StringComparison.Ordinal);

    [Fact]
    public void AttemptKey_AllParts_ComeBack()
    {
        foreach (var end in Enum.GetValues<EndReason>())
        {
            var key = new AttemptKey(4095, 4094, end);
            Assert.Equal((4095, 4094, end), (key.Target, key.Cluster, key.End));
        }
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("CONNECT")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("PATCH")]
    public void Method_Known_KeepsItsName(string method) => Assert.Equal(method, RequestMethods.Name(RequestMethods.Number(method)));

    [Theory]
    [InlineData("get")]
    [InlineData("BREW")]
    [InlineData("")]
    public void Method_Unknown_IsOther(string method) => Assert.Equal("_OTHER", RequestMethods.Name(RequestMethods.Number(method)));
}
