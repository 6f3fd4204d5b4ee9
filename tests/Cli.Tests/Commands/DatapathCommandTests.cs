using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class DatapathCommandTests : IAsyncLifetime
{
    private static readonly EndpointStatus s_xwing = new(
        7, "demo", "x-wing-1", "10.1.0.5", 65836, ["k8s:app=x-wing"], "eth0", "/run/netns/x", "ready", [], ["CiliumNetworkPolicy demo/fleet"], 1450);

    private FakeDatapath _agent = null!;

    public async Task InitializeAsync() => _agent = await FakeDatapath.StartAsync();

    public Task DisposeAsync() => _agent.DisposeAsync().AsTask();

    [Fact]
    public async Task EndpointList_OverASocket_HasALineEach()
    {
        _agent.With("/endpoints", [s_xwing, s_xwing with { Id = 8, Pod = "new", Identity = 0, State = "waiting-for-identity", Labels = [] }], StatusJson.Default.IReadOnlyListEndpointStatus);
        await ExpectAsync(
            """
            ENDPOINT   NAMESPACE   POD        ADDRESS    IDENTITY   STATE                  INGRESS POLICY   EGRESS POLICY                    INTERFACE   MTU    LABELS
            7          demo        x-wing-1   10.1.0.5   65836      ready                  none             CiliumNetworkPolicy demo/fleet   eth0        1450   k8s:app=x-wing
            8          demo        new        10.1.0.5   -          waiting-for-identity   none             CiliumNetworkPolicy demo/fleet   eth0        1450   -

            """,
            "endpoint", "list");
    }

    [Fact]
    public async Task EndpointAdd_WithAnAddress_PostsWhatWasSaid()
    {
        _agent.With("POST /endpoints", s_xwing, StatusJson.Default.EndpointStatus);
        var (code, output, errors) = await RunAsync("endpoint", "add", "demo/x-wing-1", "--netns", "/run/netns/x", "--address", "10.1.0.5", "-o", "json");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(7, (int)JsonNode.Parse(output)!["id"]!);
        var request = JsonSerializer.Deserialize(_agent.Asked.Single()["POST /endpoints ".Length..], StatusJson.Default.EndpointRequest);
        Assert.Equal(new("demo", "x-wing-1", "/run/netns/x", "10.1.0.5"), request);
    }

    [Fact]
    public async Task EndpointDelete_OfAPod_AsksForIt()
    {
        _agent.With("DELETE /endpoints/demo/x-wing-1", "");
        await ExpectAsync("endpoint of demo/x-wing-1 deleted\n", "endpoint", "delete", "demo/x-wing-1");
        Assert.Equal("DELETE /endpoints/demo/x-wing-1", _agent.Asked.Single());
    }

    [Fact]
    public async Task PolicyTrace_OfARequest_HasALineForEachPolicyAndWhatWasTried()
    {
        _agent.With("/policy/trace", new PolicyTraceStatus(
            new("demo/x-wing-1", 65836, []), new("demo/falcon", 65840, []), "80/TCP", "refused",
            [
                new("egress", "allowed", "not isolated", "no policy isolates it"),
                new("ingress", "redirected", "CiliumNetworkPolicy demo/f spec.ingress[0]", "a rule is about its requests") { Http = "refused", Tried = ["CiliumNetworkPolicy demo/f spec.ingress[0]"] },
            ],
            ["it is late"]), StatusJson.Default.PolicyTraceStatus);
        await ExpectAsync(
            """
            refused: demo/x-wing-1 (identity 65836) to demo/falcon (identity 65840), port 80/TCP
            DIRECTION   CONNECTION   RULE                                         REASON                         REQUEST   HTTP RULE
            egress      allowed      not isolated                                 no policy isolates it          -         -
            ingress     redirected   CiliumNetworkPolicy demo/f spec.ingress[0]   a rule is about its requests   refused   -
              does not match: CiliumNetworkPolicy demo/f spec.ingress[0]
            note: it is late

            """,
            "policy", "trace", "--from", "demo/x-wing-1", "--to", "demo/falcon", "--port", "80", "--method", "PUT", "--path", "/a b", "--header", "A: b", "--header", "C: d");
        Assert.Equal("GET /policy/trace?from=demo%2Fx-wing-1&to=demo%2Ffalcon&port=80&method=PUT&path=%2Fa%20b&header=A%3A%20b&header=C%3A%20d", _agent.Asked.Single());
    }

    [Fact]
    public async Task EndpointDelete_OfNone_IsTheAgentsRefusal()
    {
        var (code, output, errors) = await RunAsync("endpoint", "delete", "nobody");
        Assert.Equal((1, "", "clustermesh: there is no such thing here\n"), (code, output, errors));
    }

    [Theory]
    [InlineData("endpoint", "add", "demo/x", "--netns", "/run/netns/x")]
    [InlineData("endpoint", "delete", "demo/x")]
    public async Task Changes_OverTheAdminPort_AreNotTried(params string[] arguments)
    {
        var (code, _, errors) = await CommandLine.RunAsync([.. arguments, "--agent", _agent.Web]);
        Assert.Equal(1, code);
        Assert.Contains("by the agent's --api socket only", errors);
        Assert.Empty(_agent.Asked);
    }

    [Theory]
    [InlineData("'a/b/c' is not a pod", "endpoint", "delete", "a/b/c")]
    [InlineData("'nonsense' is not an address", "endpoint", "add", "x", "--netns", "/x", "--address", "nonsense")]
    [InlineData("Option '--netns' is required", "endpoint", "add", "x")]
    [InlineData("Option '--port' is required", "policy", "trace", "--from", "a/b", "--to", "world")]
    [InlineData("'a/b/c' is neither the number of an endpoint nor NAMESPACE/POD", "bpf", "policy", "get", "a/b/c")]
    public async Task Line_ThatIsWrong_Is2AndSaysWhy(string error, params string[] arguments)
    {
        var (code, _, errors) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(error, errors);
    }

    [Fact]
    public async Task LbList_OfAGlobalService_HasItsBackendsOfBothClustersAndWhy()
    {
        _agent.With(
            "/bpf/lb",
            [
                new("10.96.0.1:80", "TCP", "demo", "rebel-base", "http", "ClusterIP", "none", "affinity none: 2 of 3 healthy",
                [
                    new("west", "10.1.0.9:8080", "active", 0.5, "n1", "rebel-base-0"), new("east", "10.2.0.7:8080", "active", 0.5, "e1", "rebel-base-0"),
                    new("east", "10.2.1.7:8080", "unreachable", 0, "e2", "rebel-base-1"),
                ]),
                new("10.96.0.2:53", "UDP", "demo", "nobody", "", "ClusterIP", "none", "no backends", []),
            ],
            StatusJson.Default.IReadOnlyListFrontendStatus);
        await ExpectAsync(
            """
            FRONTEND           SERVICE                TYPE        CLUSTER   BACKEND         STATE         SHARE   NODE   POD
            10.96.0.1:80/TCP   demo/rebel-base:http   ClusterIP   west      10.1.0.9:8080   active        50%     n1     rebel-base-0
            10.96.0.1:80/TCP   demo/rebel-base:http   ClusterIP   east      10.2.0.7:8080   active        50%     e1     rebel-base-0
            10.96.0.1:80/TCP   demo/rebel-base:http   ClusterIP   east      10.2.1.7:8080   unreachable   0%      e2     rebel-base-1
              affinity none: 2 of 3 healthy
            10.96.0.2:53/UDP   demo/nobody            ClusterIP   -         -               no backends   -       -      -
              no backends

            """,
            "bpf", "lb", "list");
    }

    [Fact]
    public async Task TunnelList_OfTwoClusters_SaysTheWays()
    {
        _agent.With("/bpf/tunnel", [new("10.1.0.0/24", "local", null, "west/n1", "west"), new("10.2.0.0/24", "tunnel", "172.18.2.1", "east/e1", "east")], StatusJson.Default.IReadOnlyListTunnelStatus);
        await ExpectAsync(
            """
            PREFIX        VIA      TUNNEL       NODE      CLUSTER
            10.1.0.0/24   local    -            west/n1   west
            10.2.0.0/24   tunnel   172.18.2.1   east/e1   east

            """,
            "bpf", "tunnel", "list");
    }

    [Fact]
    public async Task IpcacheList_WithAnUnknownIdentity_SaysSo()
    {
        _agent.With("/bpf/ipcache", [new("10.2.0.0/24", 0, "172.18.2.1", "east/e1"), new("10.2.0.7/32", 131472, "172.18.2.1", "east/demo/rebel-base-0")], StatusJson.Default.IReadOnlyListIpcacheStatus);
        await ExpectAsync(
            """
            PREFIX        IDENTITY   TUNNEL       OWNER
            10.2.0.0/24   unknown    172.18.2.1   east/e1
            10.2.0.7/32   131472     172.18.2.1   east/demo/rebel-base-0

            """,
            "bpf", "ipcache", "list");
    }

    [Theory]
    [InlineData("7")]
    [InlineData("demo/x-wing-1")]
    public async Task PolicyGet_ByNumberOrPod_ShowsItsMap(string endpoint)
    {
        _agent.With("/endpoints", [s_xwing], StatusJson.Default.IReadOnlyListEndpointStatus);
        _agent.With("/bpf/policy/7", [new("egress", "allow", 131472, ["k8s:app=rebel-base"], "80/TCP", "CiliumNetworkPolicy demo/fleet"), new("ingress", "deny", 0, [], "any", null)], StatusJson.Default.IReadOnlyListPolicyEntryStatus);
        await ExpectAsync(
            """
            DIRECTION   VERDICT   IDENTITY   PORT     LABELS               RULE
            egress      allow     131472     80/TCP   k8s:app=rebel-base   CiliumNetworkPolicy demo/fleet
            ingress     deny      any        any      -                    -

            """,
            "bpf", "policy", "get", endpoint);
    }

    [Fact]
    public async Task PolicyGet_OfAPodThatIsNotHere_SaysWhereToLook()
    {
        _agent.With("/endpoints", [], StatusJson.Default.IReadOnlyListEndpointStatus);
        var (code, _, errors) = await RunAsync("bpf", "policy", "get", "demo/y-wing");
        Assert.Equal((1, "clustermesh: demo/y-wing is not an endpoint of this node: endpoint list shows those that are\n"), (code, errors));
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--agent", _agent.Url]);

    private async Task ExpectAsync(string expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(expected, output);
    }
}
