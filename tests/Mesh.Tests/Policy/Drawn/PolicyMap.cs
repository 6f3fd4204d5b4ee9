using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy.Drawn;

/// <summary>A policy map as the kernel has it: entries written one by one, asked twice for the longest prefix.</summary>
internal sealed class PolicyMap
{
    private readonly Dictionary<PolicyKey, PolicyEntry> _entries = [];

    public IEnumerable<PolicyEntry> Entries => _entries.Values;

    /// <param name="written">Called after each write.</param>
    public void Apply(PolicyDifference difference, Action? written = null)
    {
        foreach (var entry in difference.Upserts)
        {
            _entries[entry.Key] = entry;
            written?.Invoke();
        }

        foreach (var key in difference.Deletes)
        {
            Assert.True(_entries.Remove(key));
            written?.Invoke();
        }
    }

    /// <summary>"drop", "proxy" or "pass".</summary>
    public string Decide(PolicyDirection direction, uint peer, IpProtocol protocol, ushort port)
    {
        var (exact, any) = (Longest(peer), Longest(0));
        var entry = exact is null || any is null ? exact ?? any : exact.Precedence >= any.Precedence ? exact : any;
        return entry is null or { Denies: true } ? "drop" : entry.Http is null ? "pass" : "proxy";

        PolicyEntry? Longest(uint identity)
        {
            for (var length = (int)PortPrefix.AllBits; length >= 0; length--)
            {
                if (length is > 0 and < PortPrefix.ProtocolBits) continue;
                var prefix = new PortPrefix(protocol, port, PortPrefix.AllBits).Shortened((byte)length);
                if (_entries.TryGetValue(new(direction, identity, prefix), out var entry)) return entry;
            }

            return null;
        }
    }
}
