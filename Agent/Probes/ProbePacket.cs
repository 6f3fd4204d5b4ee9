using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ClusterMesh.Agent.Probes;

/// <summary>
/// A question to another node's agent, or the answer; both of 40 bytes, so that nobody is answered with more than was sent: magic
/// "CMpr", version, kind, 2 unused; number of the asker's life, 8; number of the question, 4; 4 unused; hashes of the names
/// "cluster/node" of asker and asked, 8 each. Big endian.
/// </summary>
internal readonly record struct ProbePacket(bool IsAnswer, ulong Nonce, uint Sequence, ulong Asker, ulong Asked)
{
    public const int Size = 40;

    private const uint Magic = 0x434d7072;
    private const byte Version = 1;

    /// <summary>Of a name "cluster/node".</summary>
    public static ulong Hash(string name) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name));

    public void Write(Span<byte> to)
    {
        to[..Size].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(to, Magic);
        to[4] = Version;
        to[5] = (byte)(IsAnswer ? 2 : 1);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], Nonce);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], Sequence);
        BinaryPrimitives.WriteUInt64BigEndian(to[24..], Asker);
        BinaryPrimitives.WriteUInt64BigEndian(to[32..], Asked);
    }

    /// <summary>Null: not one of ours, or of a version that we do not speak.</summary>
    public static ProbePacket? Read(ReadOnlySpan<byte> from)
    {
        if (from.Length != Size || BinaryPrimitives.ReadUInt32BigEndian(from) != Magic || from[4] != Version || from[5] is not (1 or 2)) return null;
        return new(
            from[5] == 2,
            BinaryPrimitives.ReadUInt64BigEndian(from[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(from[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(from[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(from[32..]));
    }
}
