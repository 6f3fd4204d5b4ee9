using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Agent.Datapath.Identities;

/// <summary>
/// The own cluster's identities as they are in force: those that etcd has, and those that it lost while pods have them, as an etcd
/// that begins anew takes nobody's identity away.
/// </summary>
internal sealed class OwnIdentities
{
    private Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private Dictionary<uint, PolicyIdentity> _identities = [];
    private (object Told, object Used)? _inputs;

    public uint? NumberOf(string labels) => _numbers.TryGetValue(labels, out var number) ? number : null;

    public string? LabelsOf(uint number) => _identities.GetValueOrDefault(number)?.Labels.Text;

    /// <param name="told">By number, as etcd has them.</param>
    /// <param name="used">Labels that pods have, and named ports.</param>
    /// <returns>What differs, for policies; null when nothing does.</returns>
    public IdentityChanges? Update(ImmutableDictionary<uint, string> told, IReadOnlyDictionary<string, ImmutableArray<Mesh.Objects.ContainerPort>> used)
    {
        if (_inputs is var (lastTold, lastUsed) && ReferenceEquals(lastTold, told) && ReferenceEquals(lastUsed, used)) return null;
        _inputs = (told, used);
        var numbers = new Dictionary<string, uint>(told.Count, StringComparer.Ordinal);
        // Two numbers for the same labels are somebody's mistake: the lower is everybody's choice.
        foreach (var (number, labels) in told)
        {
            if (!numbers.TryGetValue(labels, out var other) || number < other) numbers[labels] = number;
        }

        foreach (var (labels, number) in _numbers.Where(pair => used.ContainsKey(pair.Key) && !numbers.ContainsKey(pair.Key) && !told.ContainsKey(pair.Value))) numbers[labels] = number;
        var identities = new Dictionary<uint, PolicyIdentity>(numbers.Count);
        foreach (var (number, labels) in told.Concat(numbers.Select(pair => KeyValuePair.Create(pair.Value, pair.Key))))
        {
            var ports = used.GetValueOrDefault(labels, []);
            identities[number] = _identities.GetValueOrDefault(number) is { } same && same.Labels.Text == labels && same.Ports.SequenceEqual(ports) ? same : new PolicyIdentity(number, labels) with { Ports = ports };
        }

        var changes = new IdentityChanges(
            [.. identities.Values.Where(identity => !ReferenceEquals(_identities.GetValueOrDefault(identity.Id), identity))], [.. _identities.Keys.Where(number => !identities.ContainsKey(number))]);
        (_numbers, _identities) = (numbers, identities);
        return changes;
    }
}

/// <summary>Identities that are new or different, and those that are gone.</summary>
internal sealed record IdentityChanges(ImmutableArray<PolicyIdentity> Set, ImmutableArray<uint> Removed);
