using System.Net;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>cilium.io CiliumCIDRGroup.</summary>
internal static class CidrGroupReader
{
    public static CidrGroupObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain, namespaced: false);
        KnownFields.Only(root["spec"], "externalCIDRs");
        return new(meta, [.. root["spec"]["externalCIDRs"].Items().Select(item => CidrReader.Read(item, orAddress: true)).OfType<IPNetwork>()]);
    }
}
