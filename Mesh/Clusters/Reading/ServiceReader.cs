using System.Text.Json;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Readers;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>cilium/state/services/v1/CLUSTER/NAMESPACE/NAME (cilium.md 2): the backends that a cluster shares for one service.</summary>
internal sealed class ServiceReader(string cluster, int clusterId, StringPool strings) : IPartReader<ObjectKey, RemoteService>
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 16 };

    private readonly ServiceBackendsReader _backends = new(cluster, strings);

    public bool TryKey(string name, out ObjectKey key)
    {
        var slash = name.IndexOf('/');
        key = slash > 0 ? new(strings.Take(name.AsSpan(0, slash)), name[(slash + 1)..]) : default;
        return slash > 0 && Dns.IsLabel(key.Namespace) && Dns.IsSubdomain(key.Name);
    }

    public Reading<RemoteService> Read(ObjectKey key, ReadOnlySpan<byte> value)
    {
        try
        {
            return Read(key, new Utf8JsonReader(value, s_options));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Reading<RemoteService>.Ignore(IgnoredReason.BadJson);
        }
    }

    private Reading<RemoteService> Read(ObjectKey key, Utf8JsonReader json)
    {
        var (named, ns, name, id, shared) = ("", "", "", 0L, false);
        _backends.Clear();
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return Reading<RemoteService>.Ignore(IgnoredReason.BadJson);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("cluster"u8)) named = Text(ref json);
            else if (json.ValueTextEquals("namespace"u8)) ns = Text(ref json);
            else if (json.ValueTextEquals("name"u8)) name = Text(ref json);
            else if (json.ValueTextEquals("shared"u8)) shared = json.Read() && json.GetBoolean();
            else if (json.ValueTextEquals("clusterID"u8)) id = json.Read() ? json.GetInt64() : 0;
            else if (json.ValueTextEquals("backends"u8)) _backends.Read(ref json);
            else if (json.ValueTextEquals("zones"u8)) _backends.ReadZones(ref json);
            else json.Skip();
        }

        // What follows the object is read, too: garbage there is an error.
        while (json.Read()) { }
        if (named != cluster) return Reading<RemoteService>.Ignore(IgnoredReason.OtherCluster);
        if (ns != key.Namespace || name != key.Name) return Reading<RemoteService>.Ignore(IgnoredReason.NotItsKey);
        if (id != clusterId) return Reading<RemoteService>.Ignore(IgnoredReason.WrongClusterId);
        if (_backends.Ignored is { } reason) return Reading<RemoteService>.Ignore(reason);
        return shared ? Reading<RemoteService>.Of(new(key, _backends.ToPorts())) : Reading<RemoteService>.Absent;
    }

    private string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? "" : json.TokenType == JsonTokenType.String ? strings.Take(ref json) : throw new JsonException("expected a string");
    }
}
