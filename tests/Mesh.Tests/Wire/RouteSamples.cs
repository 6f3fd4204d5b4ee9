using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Tests.Wire;

/// <summary>An HTTPRoute that has everything that one can have, and a ReferenceGrant.</summary>
internal static class RouteSamples
{
    private static readonly BackendReference s_backend = new("", "Service", "other", "v1", 80);

    public static readonly ReferenceGrantObject Grant = new(new(new("other", "g")), [new("gateway.networking.k8s.io", "HTTPRoute", "default")], [new("", "Service", null), new("", "Service", "v1")]);

    public static readonly HttpRouteObject Whole = new(
        new(new("default", "r"), ObjectMeta.None, new Dictionary<string, string> { ["clustermesh.io/failover"] = "true" }, DateTimeOffset.UnixEpoch.AddDays(1)),
        [new("", "Service", null, "web", "http", 80), new("gateway.networking.k8s.io", "Gateway", "infra", "edge")],
        [
            new(
                [
                    new(new(PathMatchKind.Regex, "/a.*"), "GET", [new("x", "y", true)], [new("q", "", false)]),
                    new(PathMatch.All, null, [], []),
                ],
                [
                    new("RequestHeaderModifier") { Headers = new([new("a", "b")], [new("c", "d")], ["e"]) },
                    new("RequestRedirect") { Redirect = new("https", "b.example", 8443, new(PathEditKind.ReplacePrefixMatch, ""), 308) },
                    new("RequestRedirect") { Redirect = new(null, null, null, null, 301) },
                    new("URLRewrite") { Rewrite = new(null, new(PathEditKind.ReplaceFullPath, "/x")) },
                    new("RequestMirror") { Mirror = new(s_backend, 1, 3) },
                    new("ExtensionRef"),
                ],
                [new(s_backend, 0, [new("ResponseHeaderModifier") { Headers = new([], [], ["f"]) }]), new(new("x.io", "Thing", null, "t", null), 5, [])])
            {
                RequestTimeout = TimeSpan.Zero,
                BackendRequestTimeout = TimeSpan.FromMilliseconds(250),
            },
            new([new(new(PathMatchKind.Exact, "/b"), null, [], [])], [], []),
        ])
    {
        Hostnames = ["a.example"],
    };
}
