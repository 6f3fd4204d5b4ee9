using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Tests;

/// <summary>States of a gateway to print.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ServiceStatus RebelBase = new(
        "demo", "rebel-base", Global: true, Shared: true, "local", "global, affinity local", null, "east,north", null,
        [
            new("http", 80, [new(["east"], 1, "failover", 2)], "affinity local: 0 of 1 healthy in west", Noon, "no healthy backend left in west",
            [
                new("west", "10.1.0.1:8080", "ejected", "connection refused, until 12:00:05", Chosen: false, 0, "west-a", "node-1", "a"),
                new("east", "10.2.0.1:8080", "active", null, Chosen: true, 3, "east-a", null, null),
                new("east", "10.2.0.2:8080", "active", null, Chosen: true, 0, "east-b", null, null),
            ]),
        ]);

    public static readonly ServiceStatus Plain = new(
        "default", "web", Global: false, Shared: true, "none", "not global", null, null, null,
        [new("", 8080, [], "no backends", null, null, [])]);

    public static readonly RouteStatus Canary = new(
        "demo/canary canary.example/", "canary.example", "/", "Prefix", "Ingress demo/canary", "",
        [new("demo/v1", "http", 75, 0.75, null, true), new("demo/v2", "http", 25, 0.25, "demo/canary-v2", false)],
        ["header x-canary always => demo/v2"], "cookie:user");

    public static GatewayState State(params ProblemStatus[] problems) => new(
        new("west", "0.1.0", "ready", 12, Noon, Noon, ["http://127.0.0.1:8080"], 1500, 2),
        [
            new("west", true, "/manifests/west", "synced", Noon) { Files = 7, Services = 6, Backends = 8, Healthy = 7, CaughtUpAt = Noon, UnknownKinds = new Dictionary<string, int> { ["ConfigMap"] = 2 } },
            new("east", false, "/manifests/east", "failed", Noon) { CaughtUpAt = Noon, LastError = "no such directory" },
        ],
        [RebelBase, Plain], [Canary], [], problems);

    public static ProblemStatus Problem(int number) =>
        new("west", $"Ingress demo/web-{number}", "spec.rules[0]", "port \"abc\" is not a port", "the path is left out", "web.yaml document 2");

    public static readonly Explanation Forwarded = new(
        "forward", null, null, "demo/canary canary.example/", "Ingress demo/canary", "demo/v2:http", "weight", "east", "failover",
        [new("demo/v2", "http", 25, 0.25, "demo/canary-v2", true)], [new(["east"], 1, "failover", 2)],
        [
            new("east", "10.2.0.1:8080", "active", null, Chosen: true, 0, "east-a", null, null),
            new("west", "10.1.0.1:8080", "ejected", null, Chosen: false, 0, "west-a", null, null),
        ],
        [new("match", "host canary.example is exact"), new("split", "weight 25 of 100")]);

    public static readonly Explanation Refused = new(
        "reject", 404, null, null, null, null, null, null, "no-route", [], [], [], [new("match", "no route has host nobody.example")]);
}
