using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>IP addresses as text, without what only some parsers take: zones, brackets, "10.1", octal and hexadecimal.</summary>
internal static class AddressText
{
    /// <summary>In canonical form; null unless the text is one address that something can be sent to.</summary>
    public static string? Read(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny("%[]/") || !IPAddress.TryParse(text, out var address)) return null;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return null;
        var canonical = address.ToString();
        return address.AddressFamily is AddressFamily.InterNetworkV6 || text.SequenceEqual(canonical) ? canonical : null;
    }

    public static bool IsEmptyOrAddress(string? text) => string.IsNullOrEmpty(text) || Read(text) is not null;
}
