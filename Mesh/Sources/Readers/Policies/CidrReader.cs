using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>CIDRs as Go's parser takes them: contiguous, and host bits are cleared.</summary>
internal static class CidrReader
{
    private const string What = "a CIDR such as 10.1.0.0/24";

    /// <summary>Null, with an error noted, when it is none.</summary>
    /// <param name="orAddress">An address alone is taken too.</param>
    public static IPNetwork? Read(Field field, bool orAddress)
    {
        var text = field.Required(What);
        if (text.Length == 0) return null;
        if (Parse(text, orAddress) is { } cidr) return cidr;
        field.Error($"\"{Shown.Text(text)}\" is not {What}{(orAddress ? " or an IP address" : "")}");
        return null;
    }

    /// <summary>Parts of the CIDR that are left out; each must lie in it.</summary>
    /// <param name="cidr">Null where it is not known here.</param>
    public static ImmutableArray<IPNetwork> Except(Field field, IPNetwork? cidr)
    {
        var except = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var item in field.Items())
        {
            if (Read(item, orAddress: false) is not { } part) continue;
            if (cidr is { } whole && !whole.Holds(part)) item.Error($"{part} does not lie in {whole}");
            except.Add(part);
        }

        return except.ToImmutable();
    }

    private static IPNetwork? Parse(string text, bool orAddress)
    {
        var slash = text.IndexOf('/');
        var written = slash < 0 ? text : text[..slash];
        if ((slash < 0 && !orAddress) || !IPAddress.TryParse(written, out var address) || !IsWhole(address, written)) return null;
        var most = address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        var length = most;
        if (slash >= 0 && !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)) return null;
        return length <= most && (slash < 0 || text[(slash + 1)..] is "0" or not ['0', ..]) ? Cidrs.Masked(address, length) : null;
    }

    // .NET's parser also takes "10.1", "[fd00::1]" and scopes.
    private static bool IsWhole(IPAddress address, string written) => address.AddressFamily is AddressFamily.InterNetwork
        ? address.ToString() == written
        : !address.IsIPv4MappedToIPv6 && !written.AsSpan().ContainsAny('[', '%');
}
