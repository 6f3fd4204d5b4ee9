using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy.Drawn;

/// <summary>A policy map as the kernel has it: replaced whole, no key twice, asked twice for the longest prefix.</summary>
internal sealed class PolicyMap(EndpointPolicy policy)
{
    private readonly Dictionary<PolicyKey, PolicyEntry> _entries = policy.Entries.ToDictionary(entry => entry.Key);

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
