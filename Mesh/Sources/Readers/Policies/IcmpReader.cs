using System.Collections.Frozen;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>icmps[].fields[]: a type by number or by name, of IPv4 unless it says IPv6.</summary>
internal static class IcmpReader
{
    private static readonly string[] Families = ["IPv4", "IPv6"];

    private static readonly FrozenDictionary<string, byte> s_v4 = new Dictionary<string, byte>
    {
        ["EchoReply"] = 0, ["DestinationUnreachable"] = 3, ["Redirect"] = 5, ["Echo"] = 8, ["EchoRequest"] = 8, ["RouterAdvertisement"] = 9,
        ["RouterSelection"] = 10, ["TimeExceeded"] = 11, ["ParameterProblem"] = 12, ["Timestamp"] = 13, ["TimestampReply"] = 14, ["Photuris"] = 40,
        ["ExtendedEchoRequest"] = 42, ["ExtendedEcho Reply"] = 43, ["ExtendedEchoReply"] = 43,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, byte> s_v6 = new Dictionary<string, byte>
    {
        ["DestinationUnreachable"] = 1, ["PacketTooBig"] = 2, ["TimeExceeded"] = 3, ["ParameterProblem"] = 4, ["EchoRequest"] = 128, ["EchoReply"] = 129,
        ["MulticastListenerQuery"] = 130, ["MulticastListenerReport"] = 131, ["MulticastListenerDone"] = 132, ["RouterSolicitation"] = 133,
        ["RouterAdvertisement"] = 134, ["NeighborSolicitation"] = 135, ["NeighborAdvertisement"] = 136, ["RedirectMessage"] = 137, ["RouterRenumbering"] = 138,
        ["ICMPNodeInformationQuery"] = 139, ["ICMPNodeInformationResponse"] = 140, ["InverseNeighborDiscoverySolicitation"] = 141,
        ["InverseNeighborDiscoveryAdvertisement"] = 142, ["HomeAgentAddressDiscoveryRequest"] = 144, ["HomeAgentAddressDiscoveryReply"] = 145,
        ["MobilePrefixSolicitation"] = 146, ["MobilePrefixAdvertisement"] = 147, ["DuplicateAddressRequestCodeSuffix"] = 157,
        ["DuplicateAddressConfirmationCodeSuffix"] = 158, ["ExtendedEchoRequest"] = 160, ["ExtendedEchoReply"] = 161,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<PolicyPort> Fields(Field icmp)
    {
        KnownFields.Only(icmp, "fields");
        var fields = icmp["fields"];
        if (fields.Present("a list of ICMP types") && fields.Items() is []) fields.Error("is empty, expected ICMP types");
        if (fields.Items().Count > CiliumPortsReader.Most) fields.Error($"has {fields.Items().Count} types, expected at most {CiliumPortsReader.Most}");
        return fields.Items().Take(CiliumPortsReader.Most).Select(One);
    }

    private static PolicyPort One(Field field)
    {
        KnownFields.Only(field, "family", "type");
        var v6 = Choice.Of(field["family"], Families) == "IPv6";
        var type = TypeOf(field["type"], v6 ? s_v6 : s_v4);
        return new(v6 ? IpProtocol.IcmpV6 : IpProtocol.Icmp, type, type);
    }

    private static byte TypeOf(Field field, FrozenDictionary<string, byte> names)
    {
        if (!field.Present("an ICMP type, a number from 0 to 255 or a name")) return 0;
        if (field.Node is not ScalarNode { Type: ScalarType.String } text) return (byte)(field.Number(0, 255) ?? 0);
        if (names.TryGetValue(text.Text, out var type) || (PortText.TryNumber(text.Text, out var number) && number <= 255 && (type = (byte)number) == number)) return type;
        field.Error($"\"{Shown.Text(text.Text)}\" is not an ICMP type, expected a number from 0 to 255 or a name such as EchoRequest");
        return 0;
    }
}
