using System.Buffers.Text;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>The reference keys: cilium/state/identities/v1/value/LABELS/NODE-IP = number.</summary>
internal static class IdentityUses
{
    public const string Prefix = StateKeys.IdentityValues + "/";

    /// <summary>The labels and the node of a reference key; null when it is none.</summary>
    public static (string Labels, string NodeIp)? Parse(string key)
    {
        var slash = key.LastIndexOf('/');
        return slash <= Prefix.Length || !key.StartsWith(Prefix, StringComparison.Ordinal) ? null : (key[Prefix.Length..slash], key[(slash + 1)..]);
    }

    public static uint? NumberOf(ReadOnlySpan<byte> value) => Utf8Parser.TryParse(value, out uint id, out var read) && read == value.Length ? id : null;
}
