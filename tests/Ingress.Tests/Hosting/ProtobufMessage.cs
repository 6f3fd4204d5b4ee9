using System.Text;

namespace ClusterMesh.Ingress.Tests.Hosting;

/// <summary>As much of protobuf's wire format as a test needs to find its way by field numbers. Throws where bytes are not a message.</summary>
internal readonly struct ProtobufMessage(ReadOnlyMemory<byte> bytes)
{
    public string Text => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Span);

    public string Hex => Convert.ToHexStringLower(bytes.Span);

    /// <summary>The submessages or strings at the end of a way of field numbers, over all repetitions.</summary>
    public IEnumerable<ProtobufMessage> At(params int[] way) =>
        way.Length == 0 ? [this] : Fields(way[0]).SelectMany(field => field.At(way[1..]));

    private List<ProtobufMessage> Fields(int wanted)
    {
        var found = new List<ProtobufMessage>();
        var rest = bytes;
        while (!rest.IsEmpty)
        {
            var tag = Varint(ref rest);
            var length = (tag & 7) switch { 0 => 0, 1 => 8, 5 => 4, 2 => (int)Varint(ref rest), _ => throw new FormatException($"wire type {tag & 7}") };
            if ((tag & 7) == 0) Varint(ref rest);
            if ((tag & 7) == 2 && (int)(tag >> 3) == wanted) found.Add(new(rest[..length]));
            rest = rest[length..];
        }

        return found;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> rest)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = rest.Span[0];
            rest = rest[1..];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
    }
}
