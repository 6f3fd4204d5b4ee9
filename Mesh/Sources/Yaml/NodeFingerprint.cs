using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>128 bits that are equal for trees of equal values, wherever they stand: an unchanged item of a List is known by it.</summary>
internal static class NodeFingerprint
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <param name="apiVersion">What the values are read as: an item of a ServiceList need not say it itself.</param>
    public static UInt128 Of(Node node, string apiVersion, string kind)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        Write((byte)'v', apiVersion, buffer);
        Write((byte)'k', kind, buffer);
        Write(node, buffer);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static void Write(Node node, ArrayBufferWriter<byte> buffer)
    {
        switch (node)
        {
            case ScalarNode scalar:
                Write((byte)scalar.Type, scalar.Text, buffer);
                break;
            case ListNode list:
                Write((byte)'[', list.Items.Count, buffer);
                foreach (var item in list.Items)
                    Write(item, buffer);
                break;
            case MapNode map:
                Write((byte)'{', map.Entries.Count, buffer);
                foreach (var entry in map.Entries)
                {
                    Write((byte)':', entry.Key, buffer);
                    Write(entry.Value, buffer);
                }

                break;
        }
    }

    private static void Write(byte kind, int count, ArrayBufferWriter<byte> buffer)
    {
        var span = buffer.GetSpan(5);
        span[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(span[1..], count);
        buffer.Advance(5);
    }

    private static void Write(byte kind, string text, ArrayBufferWriter<byte> buffer)
    {
        Write(kind, text.Length, buffer);
        buffer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
