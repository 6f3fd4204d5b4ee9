namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Which remote holds which cluster id: the first that comes, until it is removed or has another one. Thread-safe.</summary>
internal sealed class ClusterIds
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, string> _holders = [];

    /// <exception cref="RemoteRefusedException">Another remote has it.</exception>
    public void Claim(long id, string cluster)
    {
        lock (_gate)
        {
            if (_holders.TryGetValue(id, out var holder) && holder != cluster)
                throw new RemoteRefusedException($"its cluster id {id} is that of cluster {holder} already: of {holder} and {cluster}, only {holder} is used");
            Release(cluster);
            _holders[id] = cluster;
        }
    }

    public void Release(string cluster)
    {
        lock (_gate)
        {
            foreach (var (id, _) in _holders.Where(pair => pair.Value == cluster).ToList()) _holders.Remove(id);
        }
    }
}
