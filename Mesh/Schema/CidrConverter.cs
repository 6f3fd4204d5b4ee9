using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Schema;

/// <summary>Go's net.IPNet in JSON: written as an object; read as that object or as "address/length" (cilium.md 2).</summary>
internal sealed class CidrConverter : JsonConverter<CidrRecord>
{
    public override CidrRecord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return Parse(reader.GetString()!);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("a CIDR is an object or a string");
        string? ip = null;
        byte[]? mask = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "IP": ip = reader.GetString(); break;
                case "Mask": mask = reader.TokenType == JsonTokenType.Null ? null : reader.GetBytesFromBase64(); break;
                default: reader.Skip(); break;
            }
        }

        if (!IPAddress.TryParse(ip, out var address)) throw new JsonException($"the CIDR's IP \"{ip}\" is not an address");
        return new(address, Length(address, mask));
    }

    public override void Write(Utf8JsonWriter writer, CidrRecord value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("IP", value.Address.ToString());
        Span<byte> mask = stackalloc byte[value.Address.AddressFamily == AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < value.Length; bit++) mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        writer.WriteBase64String("Mask", mask);
        writer.WriteEndObject();
    }

    private static CidrRecord Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? new(network.BaseAddress, network.PrefixLength) : throw new JsonException($"\"{text}\" is not a CIDR");

    private static int Length(IPAddress address, byte[]? mask)
    {
        var bytes = address.AddressFamily == AddressFamily.InterNetwork ? 4 : 16;
        if (mask?.Length != bytes) throw new JsonException($"the mask of {address} has {mask?.Length ?? 0} bytes, not {bytes}");
        var length = 0;
        while (length < bytes * 8 && IsSet(mask, length)) length++;
        for (var bit = length; bit < bytes * 8; bit++)
        {
            if (IsSet(mask, bit)) throw new JsonException($"the mask of {address} is not a prefix");
        }

        return length;
    }

    private static bool IsSet(byte[] mask, int bit) => (mask[bit / 8] & (0x80 >> (bit % 8))) != 0;
}
