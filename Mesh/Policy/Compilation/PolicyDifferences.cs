using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Mesh.Policy.Compilation;

/// <summary>The differences of all endpoints after a change; those that share a policy share its difference.</summary>
internal sealed class PolicyDifferences
{
    private readonly Dictionary<(EndpointPolicy? Before, EndpointPolicy After), PolicyDifference> _known = [];

    /// <param name="changed">Where a subject's specifications stayed, nothing but these identities can differ.</param>
    public PolicyDifferences(Dictionary<string, SubjectPolicy> before, Dictionary<string, SubjectPolicy> after, IReadOnlySet<uint> changed)
    {
        foreach (var (subject, now) in after)
        {
            if (before.TryGetValue(subject, out var last) && ReferenceEquals(last.Ingress, now.Ingress) && ReferenceEquals(last.Egress, now.Egress))
                _known[(last.Policy, now.Policy)] = PolicyDifference.Between(last.Policy, now.Policy, changed);
        }
    }

    public ImmutableDictionary<uint, PolicyDifference> Of(ImmutableDictionary<uint, EndpointPolicy> before, ImmutableDictionary<uint, EndpointPolicy> after)
    {
        var differences = ImmutableDictionary.CreateBuilder<uint, PolicyDifference>();
        foreach (var (endpoint, now) in after)
        {
            var last = before.GetValueOrDefault(endpoint);
            if (ReferenceEquals(last, now)) continue;
            if (!_known.TryGetValue((last, now), out var difference)) _known[(last, now)] = difference = PolicyDifference.Between(last, now);
            if (!difference.IsEmpty) differences[endpoint] = difference;
        }

        return differences.ToImmutable();
    }
}
