using ClusterMesh.Agent.Flows;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClusterMesh.Agent.Tests.Flows;

public sealed class FlowFilterTests
{
    private static readonly FlowStatus s_drop = Told.Flow with { Type = "drop", Verdict = "DROPPED" };
    private static readonly FlowStatus s_ping = Told.Flow with { Protocol = "ICMPv4", Source = Told.FromXWing with { Port = 0 }, Destination = Told.ToRebelBase with { Port = 0 } };
    private static readonly FlowStatus s_fromWorld = Told.Flow with { Source = new("192.0.2.1", 4000, 2, null, null, null, ["reserved:world"]) };

    private static readonly FlowStatus s_request = Told.Flow with
    {
        Type = "l7", L7 = new("HTTP/1.1", "GET", "rebel-base", "/v1/death-star", 503, 1_000_000, "10.96.0.1:80", null, null, null, "no_backend", null, "4bf92f3577b34da6a3ce929d0e0e4736", 0),
    };

    /// <summary>h: a request, 503 to GET /v1/death-star.</summary>
    [Theory]
    [InlineData("type=l7", "h")]
    [InlineData("type=l7&type=drop", "dh")]
    [InlineData("protocol=http", "h")]
    [InlineData("protocol=HTTP&protocol=icmp", "ph")]
    [InlineData("protocol=tcp", "cdwh")]
    [InlineData("http-method=get", "h")]
    [InlineData("http-method=POST", "")]
    [InlineData("http-path=death", "h")]
    [InlineData("http-path=^/v[0-9]%2B/death-star$", "h")]
    [InlineData("http-path=^/death", "")]
    [InlineData("http-status=503", "h")]
    [InlineData("http-status=5%2B", "h")]
    [InlineData("http-status=50%2B", "h")]
    [InlineData("http-status=4%2B&http-status=200", "")]
    [InlineData("trace-id=4BF92F3577B34DA6A3CE929D0E0E4736", "h")]
    [InlineData("trace-id=00000000000000000000000000000001", "")]
    [InlineData("http-method=GET&http-status=404", "")]
    [InlineData("to-pod=demo/rebel-base&http-status=5%2B", "h")]
    public void Query_AboutRequests_FitsTheseFlows(string text, string expected)
    {
        var query = Parse(text, out var error);
        Assert.Equal("", error);
        (char, FlowStatus)[] flows = [('c', Told.Flow), ('d', s_drop), ('p', s_ping), ('w', s_fromWorld), ('h', s_request)];
        Assert.Equal(expected, string.Concat(flows.Where(flow => query!.Filter.Fits(flow.Item2)).Select(flow => flow.Item1)));
    }

    /// <summary>c: a connection of demo/x-wing-1 in west to port 80 of demo/rebel-base-0 in east; d: dropped; p: a ping; w: from the world.</summary>
    [Theory]
    [InlineData("", "cdpw")]
    [InlineData("verdict=DROPPED", "d")]
    [InlineData("verdict=dropped&verdict=forwarded", "cdpw")]
    [InlineData("type=drop", "d")]
    [InlineData("type=new-connection", "cpw")]
    [InlineData("protocol=tcp", "cdw")]
    [InlineData("protocol=ICMP", "p")]
    [InlineData("protocol=icmpv4", "p")]
    [InlineData("protocol=icmpv6", "")]
    [InlineData("port=80", "cdw")]
    [InlineData("port=41000", "cd")]
    [InlineData("port=81&port=4000", "w")]
    [InlineData("ip=10.2.0.7", "cdpw")]
    [InlineData("ip=192.0.2.0/24", "w")]
    [InlineData("ip=192.0.2.2", "")]
    [InlineData("pod=demo/x-wing-1", "cdp")]
    [InlineData("pod=demo/x-wing", "cdp")]
    [InlineData("pod=demo/", "cdpw")]
    [InlineData("pod=x-wing", "")]
    [InlineData("from-pod=demo/rebel-base", "")]
    [InlineData("to-pod=demo/rebel-base", "cdpw")]
    [InlineData("from-pod=demo/rebel-base&from-pod=demo/x-wing", "cdp")]
    [InlineData("from-pod=demo/x-wing&verdict=DROPPED", "d")]
    [InlineData("cluster=west", "cdp")]
    [InlineData("cluster=north&cluster=east", "cdpw")]
    [InlineData("from-cluster=east", "")]
    [InlineData("to-cluster=east&from-cluster=west", "cdp")]
    [InlineData("since=2026-01-01T12:00:00Z", "cdpw")]
    [InlineData("since=2026-01-01T12:00:00.001Z", "")]
    public void Query_AsWritten_FitsTheseFlows(string text, string expected)
    {
        var query = Parse(text, out var error);
        Assert.Equal("", error);
        (char, FlowStatus)[] flows = [('c', Told.Flow), ('d', s_drop), ('p', s_ping), ('w', s_fromWorld)];
        Assert.Equal(expected, string.Concat(flows.Where(flow => query!.Filter.Fits(flow.Item2)).Select(flow => flow.Item1)));
    }

    [Theory]
    [InlineData("verdict=MAYBE", "verdict: \"MAYBE\" is not one of FORWARDED, DROPPED")]
    [InlineData("port=65536", "port: \"65536\" is not a port")]
    [InlineData("port=-1", "port: \"-1\" is not a port")]
    [InlineData("last=4096", "last: \"4096\" is not a number from 0 to 4095")]
    [InlineData("ip=10.0.0.0.0", "ip: \"10.0.0.0.0\" is not an address or a range")]
    [InlineData("pod=a/b/c", "pod: \"a/b/c\" is not NAMESPACE/POD")]
    [InlineData("pod=", "pod: a value is missing or too long")]
    [InlineData("since=yesterday", "since: \"yesterday\" is not a time like 2026-01-01T12:00:00Z")]
    [InlineData("follow=yes", "follow: \"yes\" is not true or false")]
    [InlineData("cluster=A_B", "cluster: \"A_B\" is not a cluster")]
    [InlineData("http-status=6%2B", "http-status: \"6+\" is not a status like 404 or 5+")]
    [InlineData("http-status=5", "http-status: \"5\" is not a status like 404 or 5+")]
    [InlineData("http-status=404%2B", "http-status: \"404+\" is not a status like 404 or 5+")]
    [InlineData("http-path=(", "http-path: \"(\" is not a regular expression without look-around and back references")]
    [InlineData("http-path=(a)\\1", "http-path: \"(a)\\1\" is not a regular expression without look-around and back references")]
    [InlineData("http-path=((a{99}){99}){99}", "http-path: \"((a{99}){99}){99}\" is not a regular expression without look-around and back references")]
    [InlineData("http-method=G%20T", "http-method: \"G T\" is not a method")]
    [InlineData("trace-id=xyz", "trace-id: \"xyz\" is not a trace id of 32 hexadecimal digits")]
    [InlineData("frompod=demo/x-wing", "frompod: there is no such filter")]
    public void Query_WithAnError_NamesIt(string text, string expected)
    {
        Assert.Null(Parse(text, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Query_WithoutAnEnd_IsRefused()
    {
        Assert.Null(Parse(string.Join('&', Enumerable.Repeat("port=1", 65)), out var error));
        Assert.Equal("port: more than 64 values", error);
        Assert.Null(Parse($"pod={new string('x', 400)}", out _));
    }

    [Theory]
    [InlineData("follow=true", true, 0)]
    [InlineData("follow=true&last=5", true, 5)]
    [InlineData("follow=true&since=2026-01-01T12:00:00Z", true, int.MaxValue)]
    [InlineData("follow=false&last=5", false, 5)]
    [InlineData("", false, int.MaxValue)]
    public void Follow_WithOrWithoutABeginning_TakesSoManyOfThePast(string text, bool follow, int last)
    {
        var query = Parse(text, out _)!;
        Assert.Equal((follow, last), (query.Follow, query.Filter.Last));
    }

    private static FlowQuery? Parse(string text, out string error) => FlowQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(text)), out error);
}
