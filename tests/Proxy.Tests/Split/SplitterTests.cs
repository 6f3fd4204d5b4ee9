using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Split;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Split;

/// <summary>The decision table of peers.md 2.1, line by line, with health.</summary>
public sealed class SplitterTests
{
    private static readonly SteerRule s_header = new(SteerKind.Header, "x-canary", 1);
    private static readonly SteerRule s_value = new(SteerKind.HeaderValue, "x-canary", 1, "insider");
    private static readonly SteerRule s_pattern = new(SteerKind.HeaderPattern, "x-canary", 1, Pattern: new Regex("^v[0-9]+", RegexOptions.NonBacktracking));
    private static readonly SteerRule s_broken = new(SteerKind.HeaderPatternBroken, "x-canary", 1);
    private static readonly SteerRule s_cookie = new(SteerKind.Cookie, "canary", 1);

    public static TheoryData<string, string, string> Table => new()
    {
        // 4c: by header alone
        { "header", "x-canary=always", "1 header" },
        { "header", "x-canary=never", "0 header" },
        { "header", "x-canary=maybe", "0 weight" },
        { "header", "", "0 weight" },
        { "header", "X-Canary=always", "1 header" },
        { "header", "x-canary=Always", "0 weight" },
        // 4a: by value; always and never are then not special
        { "value", "x-canary=insider", "1 header" },
        { "value", "x-canary=Insider", "0 weight" },
        { "value", "x-canary=always", "0 weight" },
        { "value", "x-canary=never", "0 weight" },
        // 4b: by pattern, unanchored, case-sensitive
        { "pattern", "x-canary=v12", "1 header" },
        { "pattern", "x-canary=V12", "0 weight" },
        { "pattern", "x-canary=nope", "0 weight" },
        { "broken", "x-canary=v12", "0 header" },
        { "broken", "", "0 weight" },
        // 5: cookie, after the header
        { "cookie", "cookie=canary=always", "1 cookie" },
        { "cookie", "cookie=a=b; canary=never", "0 cookie" },
        { "cookie", "cookie=canary=yes", "0 weight" },
        { "header cookie", "x-canary=never cookie=canary=always", "0 header" },
        { "header cookie", "x-canary=maybe cookie=canary=always", "1 cookie" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_Steering_FirstHitWins(string rules, string headers, string expected) =>
        Assert.Equal(expected, Decide(Split(100, 0, Rules(rules)), headers, [true, true]));

    [Theory]
    // 2: a canary without backends is passed over
    [InlineData("x-canary=always", true, false, "0 weight")]
    // 0, the other way round than ingress-nginx: a primary without backends does not take the canary down
    [InlineData("", false, true, "1 failover")]
    [InlineData("x-canary=never", false, true, "1 failover")]
    [InlineData("x-canary=always", false, true, "1 header")]
    [InlineData("", false, false, "0 weight")]
    public void Decide_Health_NobodyIsSentToWhereNobodyServes(string headers, bool primary, bool canary, string expected) =>
        Assert.Equal(expected, Decide(Split(100, 0, [s_header]), headers, [primary, canary]));

    [Theory]
    [InlineData(1, true, "1 session")]
    [InlineData(0, true, "0 session")]
    [InlineData(1, false, "0 weight")]
    [InlineData(-1, true, "0 weight")]
    public void Decide_BoundSession_ComesFirst(int bound, bool canaryHealthy, string expected) =>
        Assert.Equal(expected, Decide(Split(100, 0, []), "", [true, canaryHealthy], bound));

    [Fact]
    public void Decide_SeveralCanaries_ShareByWeightAndRedistributeInProportion()
    {
        var table = new SplitTable(new([Target("main", 70), Target("a", 20), Target("b", 10)]));
        Assert.Equal(new[] { 7000, 2000, 1000 }, Count(table, [true, true, true]).Select(pair => pair.Count));
        var redistributed = Count(table, [true, false, true]);
        Assert.Equal(0, redistributed[1].Count);
        Assert.InRange(redistributed[0].Count, 8740, 8760);
        Assert.InRange(redistributed[2].Count, 1240, 1260);
        // Only the share of the one that is out says failover.
        Assert.InRange(redistributed.Sum(pair => pair.Failover), 1995, 2005);
    }

    [Fact]
    public void Decide_Sticky_IsMonotoneWhenAWeightGrows()
    {
        var key = new HashKey(HashKeyKind.Header, "x-user");
        var small = new SplitTable(new([Target("main", 90), Target("canary", 10)]) { StickyBy = key });
        var grown = new SplitTable(new([Target("main", 75), Target("canary", 25)]) { StickyBy = key });
        var (before, after) = (0, 0);
        for (var user = 0; user < 5_000; user++)
        {
            var request = Request($"x-user=user-{user}");
            var first = Splitter.Decide(small, [true, true], request, -1, new());
            var second = Splitter.Decide(grown, [true, true], request, -1, new());
            Assert.Equal(SplitReason.Sticky, first.Reason);
            if (first.Target == 1) Assert.Equal(1, second.Target);
            before += first.Target;
            after += second.Target;
        }

        Assert.InRange(before, 400, 600);
        Assert.InRange(after, 1_150, 1_350);
    }

    [Fact]
    public void Decide_StickyWithoutTheKey_IsDrawnByWeight() =>
        Assert.Equal("0 weight", Decide(new([Target("main", 100), Target("canary", 0)]) { StickyBy = new(HashKeyKind.Cookie, "uid") }, "", [true, true]));

    private static (int Count, int Failover)[] Count(SplitTable table, bool[] healthy)
    {
        var turns = new SplitTurns();
        var seen = new (int Count, int Failover)[healthy.Length];
        for (var i = 0; i < 10_000; i++)
        {
            var decision = Splitter.Decide(table, healthy, Request(""), -1, turns);
            seen[decision.Target].Count++;
            if (decision.Reason == SplitReason.Failover) seen[decision.Target].Failover++;
        }

        return seen;
    }

    private static string Decide(SplitModel split, string headers, bool[] healthy, int bound = -1)
    {
        var decision = Splitter.Decide(new(split), healthy, Request(headers), bound, new());
        return $"{decision.Target} {decision.Reason.Text()}";
    }

    private static SplitModel Split(long primary, long canary, ImmutableArray<SteerRule> rules) => new([Target("main", primary), Target("canary", canary)]) { Steering = rules };

    private static TargetModel Target(string name, long weight) => new(new("default", name), 80, weight);

    private static ImmutableArray<SteerRule> Rules(string names) => [.. names.Split(' ').Select(name => name switch
    {
        "header" => s_header,
        "value" => s_value,
        "pattern" => s_pattern,
        "broken" => s_broken,
        _ => s_cookie,
    })];

    private static RequestFacts Request(string headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var pair in System.Text.RegularExpressions.Regex.Matches(headers, "(cookie)=(.+)|([^ =]+)=([^ ]+)").Select(match => match.Value)) dictionary.Append(pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]);
        return new(dictionary, "/", "", IPAddress.Loopback);
    }
}
