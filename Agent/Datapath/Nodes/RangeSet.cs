using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Agent.Datapath.Nodes;

/// <summary>Ranges of IPv4 addresses; asking costs one look for each length that there is, however many ranges.</summary>
internal sealed class RangeSet
{
    private readonly Dictionary<int, HashSet<uint>> _byLength = [];

    public RangeSet(IEnumerable<IPNetwork> ranges)
    {
        foreach (var range in ranges) Add(range);
    }

    /// <summary>Whether one of them holds the address.</summary>
    public bool Contains(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && Holds(Number(address), 32);

    /// <summary>Whether one of them holds all of the other, or is it.</summary>
    public bool Contains(IPNetwork other) => other.BaseAddress.AddressFamily == AddressFamily.InterNetwork && Holds(Number(other.BaseAddress), other.PrefixLength);

    public bool Overlaps(IPNetwork other) =>
        Contains(other) || _byLength.Any(pair => pair.Key > other.PrefixLength && pair.Value.Any(number => (number & Mask(other.PrefixLength)) == Number(other.BaseAddress)));

    public void Add(IPNetwork range)
    {
        if (!_byLength.TryGetValue(range.PrefixLength, out var numbers)) _byLength.Add(range.PrefixLength, numbers = []);
        numbers.Add(Number(range.BaseAddress));
    }

    private bool Holds(uint number, int longest)
    {
        foreach (var (length, numbers) in _byLength)
        {
            if (length <= longest && numbers.Contains(number & Mask(length))) return true;
        }

        return false;
    }

    private static uint Mask(int length) => length == 0 ? 0 : uint.MaxValue << (32 - length);

    private static uint Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
