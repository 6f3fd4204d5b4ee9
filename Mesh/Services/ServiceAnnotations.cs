using System.Collections.Immutable;
using System.Globalization;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Services;

/// <summary>Annotations of a Service to its mode (cilium.md 1.5 and design.md). A bad value is reported and its default used.</summary>
public static class ServiceAnnotations
{
    public const string Prefix = "clustermesh.io/";

    private const string Cilium = "service.cilium.io/", CiliumOld = "io.cilium/";

    /// <summary>Every annotation of a Service that is honoured.</summary>
    public static readonly ImmutableArray<string> Honoured =
    [
        Cilium + "global", Cilium + "shared", Cilium + "affinity", CiliumOld + "global-service", CiliumOld + "shared-service", CiliumOld + "service-affinity",
        .. new[] { "cluster-weights", "cluster-order", "min-healthy", "load-balance", "hash-by" }.Concat(HealthCheckAnnotations.Names).Select(name => Prefix + name), .. L7Annotations.Names,
    ];

    /// <summary>Annotations under a prefix that we know, but not honoured.</summary>
    public static IEnumerable<string> Unhonoured(ServiceObject service) => service.Meta.Annotations.Keys.Where(name =>
        (name.StartsWith(Prefix, StringComparison.Ordinal) || name.StartsWith(Cilium, StringComparison.Ordinal) || name.StartsWith(CiliumOld, StringComparison.Ordinal))
        && !Honoured.Contains(name));

    public static ServiceMode Read(ServiceObject service, Action<string, string, string> problem)
    {
        var meta = service.Meta;
        var weights = Weights(meta.Annotation("clustermesh.io/cluster-weights"), problem);
        var order = Order(meta.Annotation("clustermesh.io/cluster-order"), problem);
        var minHealthy = Minimum(meta.Annotation("clustermesh.io/min-healthy"), problem);
        if (Either(meta, "service.cilium.io/global", "io.cilium/global-service")?.ToLowerInvariant() != "true")
        {
            if (!weights.IsEmpty || !order.IsEmpty || minHealthy is not null)
            {
                problem("service.cilium.io/global", "cluster-weights, cluster-order and min-healthy need a global service", "only local backends are used");
            }

            return ServiceMode.NotGlobal;
        }

        var affinity = ReadAffinity(Either(meta, "service.cilium.io/affinity", "io.cilium/service-affinity"), problem);
        if (affinity == Affinity.None && weights.IsEmpty && (!order.IsEmpty || minHealthy is not null))
        {
            problem("service.cilium.io/affinity", "cluster-order and min-healthy need affinity local or remote", "they have no effect");
        }

        return new ServiceMode
        {
            Global = true,
            Shared = Either(meta, "service.cilium.io/shared", "io.cilium/shared-service")?.ToLowerInvariant() != "false",
            Affinity = affinity,
            ClusterWeights = weights,
            ClusterOrder = order,
            MinHealthy = minHealthy,
        };
    }

    private static string? Either(ObjectMeta meta, string name, string alias) => meta.Annotation(name) ?? meta.Annotation(alias);

    private static Affinity ReadAffinity(string? value, Action<string, string, string> problem)
    {
        switch (value?.ToLowerInvariant())
        {
            case null or "" or "none": return Affinity.None;
            case "local": return Affinity.Local;
            case "remote": return Affinity.Remote;
            default:
                problem("service.cilium.io/affinity", $"\"{value}\" is not local, remote or none", "none is used");
                return Affinity.None;
        }
    }

    private static ImmutableArray<ClusterWeight> Weights(string? value, Action<string, string, string> problem)
    {
        if (value is null) return [];
        var weights = ImmutableArray.CreateBuilder<ClusterWeight>();
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals < 1 || !int.TryParse(part[(equals + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var weight) || weight > 1_000_000)
            {
                return Bad($"\"{part}\" is not CLUSTER=WEIGHT with a weight of 0 to 1000000");
            }

            var cluster = part[..equals].Trim();
            if (weights.Any(known => known.Cluster == cluster)) return Bad($"cluster \"{cluster}\" comes twice");
            weights.Add(new(cluster, weight));
        }

        return weights.Count == 0 || weights.All(weight => weight.Weight == 0) ? Bad($"\"{value}\" gives no cluster a weight above 0") : weights.ToImmutable();

        ImmutableArray<ClusterWeight> Bad(string reason)
        {
            problem("clustermesh.io/cluster-weights", reason, "no weights are used, affinity decides");
            return [];
        }
    }

    private static ImmutableArray<string> Order(string? value, Action<string, string, string> problem)
    {
        if (value is null) return [];
        var order = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (order.Length > 0 && order.Distinct().Count() == order.Length) return [.. order];
        problem("clustermesh.io/cluster-order", $"\"{value}\" is not a list of different clusters", "all other clusters are one pool");
        return [];
    }

    private static MinHealthy? Minimum(string? value, Action<string, string, string> problem)
    {
        if (value is null) return null;
        var text = value.Trim();
        if (text.EndsWith('%'))
        {
            if (double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100) return new(percent / 100, null);
        }
        else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return new(null, count);
        }

        problem("clustermesh.io/min-healthy", $"\"{value}\" is neither a percentage above 0% and up to 100% nor a number above 0", "failover waits for the last backend");
        return null;
    }
}
