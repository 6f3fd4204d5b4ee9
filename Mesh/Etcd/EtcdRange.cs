using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>How etcd names many keys: from one key up to, not including, another.</summary>
internal static class EtcdRange
{
    /// <summary>The end of "all keys": every key from the first one on.</summary>
    private static readonly ByteString s_all = ByteString.CopyFrom(0);

    /// <summary>As an end: nothing but the key.</summary>
    public static ByteString KeyOnly => ByteString.Empty;

    public static ByteString Key(string key) => ByteString.CopyFromUtf8(key);

    /// <summary>The first possible key under the prefix; a key is never empty.</summary>
    public static ByteString Begin(string prefix) => prefix.Length == 0 ? s_all : Key(prefix);

    /// <summary>The first key behind all that begin with the prefix.</summary>
    public static ByteString End(string prefix)
    {
        var end = Key(prefix).ToByteArray().AsSpan();
        while (!end.IsEmpty && end[^1] == 0xff) end = end[..^1];
        if (end.IsEmpty)
            return s_all;
        end[^1]++;
        return ByteString.CopyFrom(end);
    }

    /// <summary>The first possible key behind this one.</summary>
    public static ByteString After(ByteString key)
    {
        var next = new byte[key.Length + 1];
        key.CopyTo(next, 0);
        return UnsafeByteOperations.UnsafeWrap(next);
    }
}
