using System.Security.Cryptography;
using System.Text;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>What an endpoint's two interfaces are called and addressed by.</summary>
/// <param name="Interface">The node's end: lxc and 12 digits, as long as the kernel takes.</param>
internal sealed record EndpointNames(string Interface, Mac PodMac, Mac NodeMac)
{
    public const string Prefix = "lxc";

    public static EndpointNames Of(ObjectKey pod, string netns)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{pod}\n{netns}"));
        return new($"{Prefix}{Convert.ToHexStringLower(hash, 0, 6)}", MacOf(hash.AsSpan(6, 6)), MacOf(hash.AsSpan(12, 6)));
    }

    // Administered locally, and of one station.
    private static Mac MacOf(ReadOnlySpan<byte> hash) => new([(byte)((hash[0] & 0xfc) | 2), .. hash[1..]]);
}
