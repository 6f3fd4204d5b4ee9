using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry;
using System.Net;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Proxy.Admin;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Split;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Explain;

/// <summary>Makes the decisions of the pipeline for a request that is never sent, and tells each of them. It takes no turn from any sequence.</summary>
internal sealed class Explainer(IProxyHost host, ProxyCore proxy)
{
    private readonly List<ExplainStep> _steps = [];

    public Explanation Explain(ExplainedRequest request)
    {
        var sent = request.Path.Length == 0 ? "/" : request.Path;
        if (RequestPath.Normalize(sent) is not { } path) return Reject(EndReason.BadRequest, null, $"path {sent} is not valid");
        Tell("normalize", path == sent ? $"path {path} is in its normal form" : $"path {sent} is read as {path}");
        var snapshot = proxy.State.Snapshot!;
        if (RouteOf(request, path, snapshot) is not { } route)
        {
            return Reject(EndReason.NoRoute, null, $"no route of snapshot {snapshot.Version} has host {request.Host} and path {path}, and there is no default backend");
        }

        Tell("match", $"{route.Model.Owner}: host {route.Model.Host}, path {route.Model.Path.Kind} {string.Join(' ', RouteText.Conditions(route.Model).Prepend(route.Model.Path.Value))}{(ReferenceEquals(route, snapshot.Default) ? " (default backend)" : "")}");
        var policy = route.Model.Policy;
        if (request.Scheme == "http" && (policy.HttpsRedirect == HttpsRedirect.Always || (policy.HttpsRedirect == HttpsRedirect.WhenTls && host.Edge.HttpsPort is not null)))
        {
            Tell("forward", "plain http is redirected to https (ssl-redirect)");
            return Answer(route, "redirect", 308) with { Location = $"https://{request.Host}{(host.Edge.HttpsPort is null or 443 ? "" : $":{host.Edge.HttpsPort}")}{path}{request.Query}" };
        }

        if (route.Model.Filters.Broken is { } broken) return Reject(EndReason.BrokenRoute, route, $"the route cannot be followed: {broken}");
        foreach (var filter in RouteText.Filters(route.Model.Filters)) Tell("filter", filter);
        if (route.Model.Filters.Redirect is { } redirect) return Answer(route, "redirect", redirect.Status);
        return Decide(route, request with { Path = path }, new RequestFacts(request.Headers, path, request.Query, ClientOf(request)));
    }

    private Route? RouteOf(ExplainedRequest request, string path, ProxySnapshot snapshot)
    {
        IFrontendFeature? frontend = null;
        if (request is { Caller: { } caller, Asked: { } asked })
        {
            frontend = caller.Scope == "service" ? host.FrontendOf(asked) : null;
            if (frontend is null && host.DirectTo(asked) is { } direct) return direct;
        }

        return snapshot.MatcherOf(frontend)?.Find(request.Host, path, request.Method, request.Headers, request.Query);
    }

    private static IPAddress ClientOf(ExplainedRequest request) => IPAddress.TryParse(request.Caller?.Address, out var client) ? client : IPAddress.Loopback;

    private Explanation Decide(Route route, ExplainedRequest request, RequestFacts facts)
    {
        var bound = SessionBinding.Find(route, facts);
        var (target, reason, possible) = Split(route, facts, bound);
        if (route.Targets[target].Port?.Now is not { HasAny: true } chosen)
        {
            var broken = route.Targets[target].Port is null && route.Model.Split.Strict;
            return Reject(broken ? EndReason.BrokenRoute : EndReason.NoBackend, route, $"{route.Targets[target].Name} {(broken ? "is a broken reference" : "has no backend that could take it")}");
        }

        Tell("cluster", chosen.Selection.Why);
        var members = bound is { } session && session.Target == target ? [Array.IndexOf(chosen.Backends, session.Picked.Backend)] : chosen.Selection.Pools.SelectMany(pool => pool.Members).ToArray();
        var names = string.Join(", ", members.Select(member => $"{chosen.Model[member].Cluster} {chosen.Model[member].Authority}"));
        Tell("pick", members.Length == 1 ? $"the one backend {names}" : $"one of {names} by {Balance(route.Targets[target].LoadBalance)}");
        if (proxy.Authorizer is { } authorizer)
        {
            var refused = members.Count(member => !Allows(authorizer, request, route, route.Targets[target], chosen.Backends[member]));
            if (refused == members.Length) return Answer(route, "reject", LocalReply.Status(EndReason.PolicyDenied)) with { Reason = EndReason.PolicyDenied.Text() };
        }

        var retry = route.Model.Policy.Retry;
        Tell("forward", retry.Tries > 1 ? $"up to {retry.Tries} attempts, the last one in another cluster where there is one" : "one attempt, no retries");
        var pools = ServiceView.Pools(chosen);
        return Answer(route, "forward", null) with
        {
            Target = possible ? null : route.Targets[target].Name,
            Split = reason.Text(),
            Cluster = pools.Count == 1 && pools[0].Clusters.Count == 1 ? pools[0].Clusters[0] : null,
            Reason = string.Join(",", pools.Select(pool => pool.Reason).Distinct()),
            Pools = pools,
            Backends = ServiceView.Backends(chosen, proxy.State.Snapshot!.Mesh),
        };
    }

    private bool Allows(IAuthorizer authorizer, ExplainedRequest request, Route route, Target target, BackendHealth backend)
    {
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var asked = new HttpFacts(request.Method, request.Path + request.Query, request.Authority, headers);
        var sent = SentFacts.Of(asked, route.Model, target.Model.RequestHeaders, request.Path, request.Query);
        var verdict = authorizer.Judge(asked, sent, CallerOf(request), backend);
        if (verdict.Rule is { } rule) Tell("policy", $"{backend.Backend.Cluster} {backend.Backend.Authority}: {(verdict.Allowed ? "allowed" : "refused with 403")}: {rule}");
        return verdict.Allowed;
    }

    // A gateway's clients are not told apart by a name: one on this host is as good as any.
    private static Caller CallerOf(ExplainedRequest request) => request is { Caller: { } caller, Asked: { } asked }
        ? new(caller.Identity, (ushort)caller.Endpoint, caller.Scope switch { "service" => CallerScope.Service, "egress" => CallerScope.Egress, _ => CallerScope.Ingress }, asked) { Client = ClientOf(request) }
        : Caller.OfGateway(new(IPAddress.None, HostPort(request)), ClientOf(request));

    private static int HostPort(ExplainedRequest request) => new HostString(request.Authority).Port ?? (request.Scheme == "https" ? 443 : 80);

    // The weighted draw is not made: its possible outcomes are told instead.
    private (int Target, SplitReason Reason, bool Open) Split(Route route, RequestFacts facts, Bound? bound)
    {
        if (route.Targets.Length == 1)
        {
            Tell("split", $"one target: {route.Targets[0].Name}");
            return (0, SplitReason.Only, false);
        }

        var healthy = new bool[route.Targets.Length];
        TargetChoice.Health(route, healthy);
        foreach (var rule in route.Model.Split.Steering) Tell("split", $"rule: {RouteView.Steering(rule, route)}");
        var binds = route.Model.Policy.Session is { BindsCanary: true } ? bound?.Target ?? -1 : -1;
        var decision = Splitter.Decide(route.Split, healthy, facts, binds, new());
        var shares = string.Join(", ", RouteView.Targets(route).Select((target, index) => $"{route.Targets[index].Name} {target.Share:P2}{(target.Healthy ? "" : " (no healthy backend)")}"));
        if (decision.Reason is SplitReason.Weight or SplitReason.Failover)
        {
            Tell("split", $"by weight: {shares}");
            var open = RouteView.Targets(route).Count(target => target.Share > 0) > 1;
            var likely = open ? Enumerable.Range(0, healthy.Length).Where(index => healthy[index]).MaxBy(index => route.Targets[index].Model.Weight) : decision.Target;
            if (open) Tell("split", $"what follows is for {route.Targets[likely].Name}");
            return (likely, decision.Reason, open);
        }

        Tell("split", $"{decision.Reason.Text()} chooses {route.Targets[decision.Target].Name}");
        return (decision.Target, decision.Reason, false);
    }

    private static string Balance(LoadBalance balance) => balance.Kind switch
    {
        LoadBalanceKind.Hash => $"consistent hash of {balance.Key}",
        LoadBalanceKind.RoundRobin => "round robin",
        LoadBalanceKind.Random => "chance",
        _ => "power of two choices",
    };

    private Explanation Reject(EndReason reason, Route? route, string text)
    {
        Tell(route is null ? "match" : "cluster", text);
        return Answer(route, "reject", LocalReply.Status(reason)) with { Reason = reason.Text() };
    }

    private Explanation Answer(Route? route, string outcome, int? status) =>
        new(outcome, status, null, route?.Model.Name, route?.Model.Owner, null, null, null, null, route is null ? [] : RouteView.Targets(route), [], [], _steps);

    private void Tell(string stage, string text) => _steps.Add(new(stage, text));
}
