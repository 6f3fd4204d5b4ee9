using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Addresses as every part of a mesh understands them: the parser also takes "10.1", "[fd00::1]" and scopes.</summary>
internal static class IpText
{
    /// <summary>An address that something can have: not the unspecified one.</summary>
    public static bool IsV4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily is AddressFamily.InterNetwork && !address.Equals(IPAddress.Any) && address.ToString() == text;

    public static bool IsV6(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily is AddressFamily.InterNetworkV6 && !address.Equals(IPAddress.IPv6Any)
        && !text.AsSpan().ContainsAny('[', '%', '/');

    /// <summary>Empty, with an error noted, when it is none.</summary>
    public static string Required(Field field)
    {
        var text = field.Required("an IP address");
        if (text.Length > 0 && !IsV4(text) && !IsV6(text)) field.Error($"\"{Shown.Text(text)}\" is not an IP address");
        return text;
    }

    public static string RequiredCidr(Field field)
    {
        var text = field.Required("a CIDR such as 10.1.0.0/24");
        if (text.Length > 0 && !IPNetwork.TryParse(text, out _)) field.Error($"\"{Shown.Text(text)}\" is not a CIDR such as 10.1.0.0/24");
        return text;
    }
}
