using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>The paths of all main Ingresses: for each host, path and kind the oldest owner.</summary>
internal sealed class PathTable
{
    private readonly Dictionary<(HostMatch, PathMatch), RouteDraft> _drafts = [];
    private readonly HashSet<HostMatch> _hosts = [];

    public IEnumerable<RouteDraft> Drafts => _drafts.Values;

    public RouteDraft? Find(HostMatch host, PathMatch path) => _drafts.GetValueOrDefault((host, path));

    public bool HasHost(HostMatch host) => _hosts.Contains(host);

    /// <summary>To be called oldest first: who comes later loses what is taken.</summary>
    public void Add(ParsedIngress ingress, ProblemList problems)
    {
        foreach (var path in ingress.Paths)
        {
            if (TryAdd(new RouteDraft(ingress, path)))
                continue;
            var winner = Find(path.Host, path.Match)!.Owner;
            problems.Add(
                ingress.Object, path.Field, $"{path.Host}{path.Match.Value} ({path.Match.Kind}) already belongs to the older {winner.Owner}",
                "that one serves it");
        }
    }

    public bool TryAdd(RouteDraft draft)
    {
        _hosts.Add(draft.Path.Host);
        return _drafts.TryAdd((draft.Path.Host, draft.Path.Match), draft);
    }
}
