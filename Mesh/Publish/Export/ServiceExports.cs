using System.Collections.Immutable;
using System.Text.Json;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Publish.Export;

/// <summary>
/// All services that a cluster shares, as keys and values. A pure function of its arguments; what it made last time is kept only
/// to hand out the same value where nothing changed, so that one changed endpoint costs one record.
/// </summary>
internal sealed class ServiceExports(string cluster, int clusterId, bool globalByDefault)
{
    /// <summary>etcd takes requests of 1.5 MiB (--max-request-bytes); the key and the rest of the request need some of it.</summary>
    public const int MaxValue = (1536 * 1024) - 4096;

    private Dictionary<ObjectKey, Made> _last = [];

    public Exported Export(ClusterObjects objects)
    {
        var namespaces = new GlobalNamespaces(objects.Namespaces, globalByDefault);
        var next = new Dictionary<ObjectKey, Made>(_last.Count);
        var keys = new Dictionary<string, ReadOnlyMemory<byte>?>(_last.Count);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (key, service) in objects.Services)
        {
            if (service.Type == "ExternalName" || !namespaces.Contains(key.Namespace)) continue;
            if (!SharedServices.IsShared(service)) continue;
            object[] inputs = [service, .. objects.Slices[key]];
            var made = _last.TryGetValue(key, out var before) && Same(before.Inputs, inputs) ? before : Make(service, inputs);
            next[key] = made;
            keys[StateKeys.Service(cluster, key.Namespace, key.Name)] = made.Value;
            if (made.Problem is { } problem) problems.Add(problem);
        }

        _last = next;
        return new(keys, problems.ToImmutable());
    }

    private Made Make(ServiceObject service, object[] inputs)
    {
        var record = ServiceExport.Record(cluster, clusterId, service, inputs.Skip(1).Cast<EndpointSliceObject>());
        var value = JsonSerializer.SerializeToUtf8Bytes(record, SchemaJson.Instance.ServiceRecord);
        if (value.Length <= MaxValue) return new(inputs, value, null);
        return new(inputs, null, new(
            cluster,
            $"Service {service.Key}",
            "",
            $"its {record.Backends.Count} backends make a record of {value.Length:N0} bytes for other clusters, more than the {MaxValue:N0} that etcd takes",
            "other clusters keep the last one that fitted"));
    }

    private static bool Same(object[] before, object[] now) => before.AsSpan().SequenceEqual(now, ReferenceEqualityComparer.Instance);

    private sealed record Made(object[] Inputs, ReadOnlyMemory<byte>? Value, Problem? Problem);
}
