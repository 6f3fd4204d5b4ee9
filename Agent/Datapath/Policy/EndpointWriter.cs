using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Entries;
using KernelEntries = System.Collections.Generic.Dictionary<ClusterMesh.Bpf.Contract.PolicyKey, ClusterMesh.Bpf.Contract.PolicyEntry>;

namespace ClusterMesh.Agent.Datapath.Policy;

/// <summary>
/// Writes endpoints and their policies into the kernel: first the policy, whole, then the endpoint with the next revision, so that
/// every connection is judged again. Takes over what the agent before wrote, and leaves it as it is where it is right.
/// </summary>
internal sealed class EndpointWriter
{
    private readonly Bpf.Datapath _kernel;
    private readonly Dictionary<ushort, Written> _written = [];
    private uint _revision;

    public EndpointWriter(Bpf.Datapath kernel)
    {
        _kernel = kernel;
        foreach (var (_, endpoint) in kernel.Endpoints.Read())
        {
            _written[endpoint.Id] = new(endpoint, null, kernel.Policies.Read(endpoint.Id)?.ToDictionary());
            // Never one that was given before: connections remember by which they were judged.
            _revision = Math.Max(_revision, endpoint.PolicyRevision);
        }
    }

    /// <summary>As it is in the kernel; null = not there.</summary>
    public Endpoint? Find(ushort id) => _written.TryGetValue(id, out var written) ? written.Endpoint : null;

    /// <summary>Whether it is the agent's before, and nothing of this one's was written to it yet.</summary>
    public bool IsLeft(ushort id) => _written.TryGetValue(id, out var written) && written.Policy is null;

    public IReadOnlySet<ushort> Left => _written.Keys.Where(IsLeft).ToHashSet();

    public void Forget(Func<ushort, bool> gone)
    {
        foreach (var id in _written.Keys.Where(gone).ToList()) _written.Remove(id);
    }

    /// <summary>Whether the kernel has that policy, and whatever else it has.</summary>
    public bool Has(ResolvedEndpoint endpoint, EndpointPolicy policy) =>
        _written.TryGetValue(endpoint.Endpoint.Id, out var written) && ReferenceEquals(written.Policy, policy) && written.Endpoint.Identity == endpoint.Identity;

    /// <summary>Whether something of it is to be written.</summary>
    public bool Differs(ResolvedEndpoint endpoint, EndpointPolicy policy) =>
        !_written.TryGetValue((ushort)endpoint.Endpoint.Id, out var written) || !ReferenceEquals(written.Policy, policy) || written.Endpoint.Identity != endpoint.Identity
        || written.Endpoint.Ifindex != endpoint.Endpoint.Ifindex || written.Waits;

    /// <summary>
    /// Brings it to this policy. What the agent before allowed or denied to identities of clusters that were not heard yet stays.
    /// </summary>
    /// <param name="withOld">What the policy before it said stays too, for as long as addresses still have numbers of its CIDRs.</param>
    /// <exception cref="BpfException">Too many entries; the endpoint keeps what it had.</exception>
    public void Write(ResolvedEndpoint resolved, EndpointPolicy policy, Heard heard, bool withOld)
    {
        var id = resolved.Endpoint.Id;
        var written = _written.GetValueOrDefault(id);
        var entries = KernelPolicy.Entries(policy);
        var waits = false;
        foreach (var (key, entry) in written?.Entries ?? [])
        {
            var unheard = written!.IsLeft && key.Identity is >= 1 << 16 and <= NumericIdentity.LargestOfClusters && !heard.ClusterIds.Contains(key.Identity >> 16);
            waits |= unheard;
            if (unheard || withOld) entries.TryAdd(key, entry);
        }

        var endpoint = Endpoint(resolved, KernelPolicy.Flags(policy), written?.Endpoint.PolicyRevision ?? 0);
        if (written is not null && endpoint == written.Endpoint && Same(entries, written.Entries))
        {
            _written[id] = written with { Policy = policy, IsLeft = waits, Waits = waits || withOld };
            return;
        }

        _kernel.Policies.Replace(id, entries);
        endpoint.PolicyRevision = ++_revision;
        _kernel.Endpoints.Update(resolved.Endpoint.Key, endpoint);
        _written[id] = new(endpoint, policy, entries) { IsLeft = waits, Waits = waits || withOld };
    }

    private static Endpoint Endpoint(ResolvedEndpoint resolved, EndpointFlags flags, uint revision) => new()
    {
        Ifindex = (uint)resolved.Endpoint.Ifindex,
        Identity = resolved.Identity,
        PolicyRevision = revision,
        Id = resolved.Endpoint.Id,
        Flags = flags,
        Mac = resolved.Endpoint.Names.PodMac,
        GatewayMac = resolved.Endpoint.Names.NodeMac,
    };

    private static bool Same(KernelEntries entries, KernelEntries? others) =>
        others is not null && entries.Count == others.Count && entries.All(pair => others.TryGetValue(pair.Key, out var other) && other == pair.Value);

    /// <param name="Policy">Null = the agent's before.</param>
    /// <param name="Entries">In the kernel; null = there is no map.</param>
    private sealed record Written(Endpoint Endpoint, EndpointPolicy? Policy, KernelEntries? Entries)
    {
        /// <summary>Some of the entries are the agent's before.</summary>
        public bool IsLeft { get; init; } = Policy is null;

        /// <summary>More is in it than the policy says.</summary>
        public bool Waits { get; init; }
    }
}
