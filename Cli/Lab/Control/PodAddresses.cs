using System.Net;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>
/// The addresses of a node's pods. The first ten of its range and the last stay free: the agent has one of them, the gateway the last. What was given back is used again as
/// late as can be, so that nobody takes a new pod for an old one.
/// </summary>
internal sealed class PodAddresses(IPNetwork range)
{
    private const int First = 11, Last = 253;

    private readonly HashSet<int> _taken = [];
    private int _next = First;

    public IPAddress Take()
    {
        for (var tries = First; tries <= Last; tries++)
        {
            var number = _next;
            _next = number == Last ? First : number + 1;
            if (_taken.Add(number)) return Address(number);
        }

        throw new LabException($"all addresses of {range} are taken");
    }

    public void Release(IPAddress address) => _taken.Remove(address.GetAddressBytes()[^1]);

    private IPAddress Address(int number)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[^1] = (byte)number;
        return new(bytes);
    }
}
