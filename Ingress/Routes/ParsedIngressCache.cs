using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Keeps what was read of each Ingress as long as the object is there: a source hands unchanged objects over again.</summary>
internal sealed class ParsedIngressCache(IngressSettings settings)
{
    private Dictionary<IngressObject, ParsedIngress> _kept = new(ReferenceEqualityComparer.Instance);
    private string _cluster = "";

    public List<ParsedIngress> Parse(List<IngressObject> ingresses, string cluster)
    {
        if (cluster != _cluster)
            _kept.Clear();
        _cluster = cluster;

        var next = new Dictionary<IngressObject, ParsedIngress>(ingresses.Count, ReferenceEqualityComparer.Instance);
        var parsed = new List<ParsedIngress>(ingresses.Count);
        foreach (var ingress in ingresses)
        {
            if (!_kept.TryGetValue(ingress, out var one))
                one = IngressParser.Parse(ingress, cluster, settings);
            next[ingress] = one;
            parsed.Add(one);
        }
        _kept = next;
        return parsed;
    }
}
