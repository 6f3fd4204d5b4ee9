using System.Text.Json;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Export;

/// <summary>The addresses of this node's pods and the identities behind them.</summary>
internal sealed class IpExport(PublishConfig config)
{
    private Dictionary<string, Made> _last = [];

    /// <param name="identities">Numbers by labels. An address whose pod has none yet is left as it stands.</param>
    public Exported Export(IEnumerable<PodIdentity> pods, IReadOnlyDictionary<string, uint> identities)
    {
        var keys = new Dictionary<string, ReadOnlyMemory<byte>?>(_last.Count);
        var next = new Dictionary<string, Made>(_last.Count);
        foreach (var (pod, labels, _) in pods.Where(pod => pod.Told))
        {
            foreach (var ip in pod.Ips.Select(ServiceExport.Canonical))
            {
                var key = StateKeys.Ip(ip);
                if (!identities.TryGetValue(labels, out var id))
                {
                    keys.TryAdd(key, null);
                    continue;
                }

                if (!_last.TryGetValue(key, out var made) || !ReferenceEquals(made.Pod, pod) || made.Id != id)
                    made = new(pod, id, JsonSerializer.SerializeToUtf8Bytes(Record(pod, ip, id), SchemaJson.Instance.IpRecord));
                next[key] = made;
                keys[key] = made.Value;
            }
        }

        _last = next;
        return new(keys, []);
    }

    /// <summary>Whether a record is one of this node's: another life of it may have left some behind.</summary>
    public bool IsOurs(ReadOnlySpan<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, SchemaJson.Instance.IpRecord)?.HostIP is { } host && config.NodeIps.Contains(host);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    internal IpRecord Record(PodObject pod, string ip, uint id) => new()
    {
        IP = ip,
        HostIP = config.NodeIps[0],
        ID = id,
        K8sNamespace = pod.Key.Namespace,
        K8sPodName = pod.Key.Name,
        K8sServiceAccount = pod.ServiceAccount,
        NamedPorts = pod.Ports.Count == 0 ? null : [.. pod.Ports.Select(port => new NamedPortRecord(port.Name, port.Port, port.Protocol))],
    };

    private sealed record Made(PodObject Pod, uint Id, ReadOnlyMemory<byte> Value);
}
