using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>
/// Joins canaries to routes: host, path string and path type must be equal. ingress-nginx does not compare namespaces;
/// here they must be equal too, or whoever may write an Ingress anywhere could take another team's requests.
/// </summary>
internal static class CanaryAttachment
{
    private const string Unserved = "the canary serves nothing here";

    /// <summary>Canaries come oldest first.</summary>
    public static void Attach(PathTable table, RouteDraft? global, IReadOnlyList<ParsedIngress> canaries, ProblemList problems)
    {
        foreach (var canary in canaries)
        {
            foreach (var path in canary.Paths)
                AttachPath(table, canary, path, problems);
            if (canary.Object.DefaultBackend is { } backend)
                AttachDefault(table, global, canary, backend, problems);
        }
    }

    private static void AttachPath(PathTable table, ParsedIngress canary, ParsedPath path, ProblemList problems)
    {
        var main = table.Find(path.Host, path.Match);
        if (main is null || main.IsDefault)
            Report(canary, path.Field, $"no Ingress has {Describe(path)}, so there is nothing to be a canary of", problems);
        else if (main.Path.Written != path.Written || main.Path.Type != path.Type)
            Report(canary, path.Field, $"{main.Owner.Owner} has {Describe(main.Path)}, not {Describe(path)}; both must be equal", problems);
        else
            Join(main, canary, path, problems);
    }

    /// <summary>A canary's default backend joins the defaults of the hosts that it names and the one for all.</summary>
    private static void AttachDefault(
        PathTable table, RouteDraft? global, ParsedIngress canary, IngressBackend backend, ProblemList problems)
    {
        var ofHosts = canary.Hosts.Select(host => table.Find(host, PathMatch.All)).Where(draft => draft is { IsDefault: true });
        var mains = ofHosts.Append(global).OfType<RouteDraft>().ToList();
        if (mains.Count == 0)
            Report(canary, ParsedPath.DefaultBackendField, "no Ingress has a default backend, so there is nothing to be a canary of", problems);

        // A canary made from rules may meet a stranger's default for all; that is no mistake where its own hosts' defaults are met.
        var own = mains.Where(main => main.Owner.Key.Namespace == canary.Key.Namespace).ToList();
        foreach (var main in own.Count > 0 ? own : mains)
            Join(main, canary, RouteDraft.ForDefault(canary, main.Path.Host, backend, "").Path, problems);
    }

    private static void Join(RouteDraft main, ParsedIngress canary, ParsedPath path, ProblemList problems)
    {
        if (main.Owner.Key.Namespace != canary.Key.Namespace)
        {
            Report(canary, path.Field, $"the route belongs to {main.Owner.Owner} of another namespace", problems);
            return;
        }
        main.Canaries.Add(new JoinedCanary(canary, path));
        MainAnnotations.ReportOverruled(canary, main.Owner, problems);
    }

    private static string Describe(ParsedPath path) => $"host {path.Host}, path {ProblemList.Quote(path.Written)} and path type {path.Type}";

    private static void Report(ParsedIngress canary, string field, string reason, ProblemList problems) =>
        problems.Add(canary.Object, field, reason, Unserved);
}
