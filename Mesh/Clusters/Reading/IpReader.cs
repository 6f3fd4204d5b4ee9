using System.Net.Sockets;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>cilium/state/ip/v1/default/IP or IP/LENGTH (cilium.md 2).</summary>
internal sealed class IpReader(int clusterId, StringPool strings) : IPartReader<string, IpRecord>
{
    private const int LongestKey = 64;

    public bool TryKey(string name, out string key)
    {
        key = name;
        var slash = name.IndexOf('/');
        return name.Length <= LongestKey && AddressText.Read(name.AsSpan(0, slash < 0 ? name.Length : slash)) is not null;
    }

    public Reading<IpRecord> Read(string key, ReadOnlySpan<byte> value)
    {
        if (RecordJson.Read(value, SchemaJson.Instance.IpRecord) is not { } ip) return Reading<IpRecord>.Ignore(IgnoredReason.BadJson);
        if (KeyOf(ip) != key) return Reading<IpRecord>.Ignore(IgnoredReason.NotItsKey);
        if (!AddressText.IsEmptyOrAddress(ip.HostIP)) return Reading<IpRecord>.Ignore(IgnoredReason.BadAddress);
        if (ip.ID is < 0 or > uint.MaxValue || !NumericIdentity.BelongsTo((uint)ip.ID, clusterId)) return Reading<IpRecord>.Ignore(IgnoredReason.IdOutOfRange);
        if (ip.NamedPorts?.Any(port => port?.Name is null || port.Port is < 1 or > 65535) == true) return Reading<IpRecord>.Ignore(IgnoredReason.BadPort);
        return Reading<IpRecord>.Of(ip with
        {
            IP = ip.Mask is null ? key : ip.IP,
            // Another cluster's host is a remote node here.
            ID = ip.ID == NumericIdentity.Host ? NumericIdentity.RemoteNode : ip.ID,
            HostIP = strings.Share(ip.HostIP),
            K8sNamespace = strings.Share(ip.K8sNamespace),
            K8sServiceAccount = strings.Share(ip.K8sServiceAccount),
            Metadata = strings.Share(ip.Metadata),
        });
    }

    private static string? KeyOf(IpRecord ip) => ip.Mask is null ? ip.IP : MaskLength(ip) is { } length ? $"{ip.IP}/{length}" : null;

    /// <summary>Null when the mask is not base64, not of the address' size, or has a hole.</summary>
    private static int? MaskLength(IpRecord ip)
    {
        Span<byte> mask = stackalloc byte[16];
        if (ip.IP is null || !Convert.TryFromBase64String(ip.Mask!, mask, out var bytes)) return null;
        if (!System.Net.IPAddress.TryParse(ip.IP, out var address)) return null;
        if (bytes != (address.AddressFamily is AddressFamily.InterNetwork ? 4 : 16)) return null;
        var bits = UInt128.Zero;
        foreach (var part in mask[..bytes]) bits = (bits << 8) | part;
        var zeros = bits == 0 ? bytes * 8 : int.Min(bytes * 8, (int)UInt128.TrailingZeroCount(bits));
        var length = (bytes * 8) - zeros;
        return length == (int)UInt128.PopCount(bits) ? length : null;
    }
}
