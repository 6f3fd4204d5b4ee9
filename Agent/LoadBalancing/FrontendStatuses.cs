using System.Collections.Immutable;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>What the kernel has for a frontend, told with the names and reasons that we know.</summary>
internal static class FrontendStatuses
{
    private const string Kept = "kept from before the restart, as not every source is in sync yet";

    /// <param name="wanted">Null = nobody wants it (any more).</param>
    public static FrontendStatus Of(Frontend frontend, FrontendModel kernel, KernelFrontend? wanted, BackendPlaces places)
    {
        var protocol = frontend.Protocol == 17 ? "UDP" : "TCP";
        var address = $"{frontend.Address}:{frontend.Port}";
        if (wanted is null) return new(address, protocol, "", "", "", "", "", Kept, [.. Unnamed(kernel, [])]) { L7 = kernel.L7 };
        var (service, port) = (wanted.Service, wanted.Choice.Port);
        return new(
            address, protocol, service.Key.Namespace, service.Key.Name, port.Name.Length > 0 ? port.Name : $"{port.Port}", $"{wanted.Type}",
            service.Mode.Affinity.ToString().ToLowerInvariant(), Why(wanted.Choice, places), Backends(wanted.Choice, kernel, places)) { L7 = kernel.L7 };
    }

    private static string Why(PortChoice choice, BackendPlaces places)
    {
        var gone = choice.Candidates.Where((_, at) => choice.Gone[at]).Select(backend => places.NodeOf(backend) is { } node ? $"{backend.Cluster}/{node}" : backend.Cluster).Distinct().Order(StringComparer.Ordinal).ToArray();
        return gone.Length == 0 ? choice.Selection.Why : $"{choice.Selection.Why}; unreachable: {string.Join(", ", gone.Take(3))}{(gone.Length > 3 ? $" and {gone.Length - 3} more" : "")}";
    }

    private static ImmutableArray<LbBackendStatus> Backends(PortChoice choice, FrontendModel kernel, BackendPlaces places)
    {
        var shares = Shares(kernel);
        var named = new HashSet<BackendAddress>();
        var statuses = ImmutableArray.CreateBuilder<LbBackendStatus>();
        for (var at = 0; at < choice.Candidates.Length; at++)
        {
            var backend = choice.Candidates[at];
            var address = PortChoice.AddressOf(backend);
            // Of two clusters that claim one address the first is shown with its share.
            var share = named.Add(address) ? shares.GetValueOrDefault(address) : 0;
            statuses.Add(new(backend.Cluster, backend.Authority, choice.Gone[at] ? "unreachable" : Text(backend.State), share, places.NodeOf(backend), places.PodOf(backend)));
        }

        return [.. statuses, .. Unnamed(kernel, named)];
    }

    // In the kernel, but not among those that we know: not written yet, or kept.
    private static IEnumerable<LbBackendStatus> Unnamed(FrontendModel kernel, HashSet<BackendAddress> named) =>
        Shares(kernel).Where(share => !named.Contains(share.Key)).Select(share => new LbBackendStatus("", Text(share.Key), "active", share.Value, null, null))
            .Concat(kernel.Draining.Where(address => !named.Contains(address)).Select(address => new LbBackendStatus("", Text(address), "terminating", 0, null, null)));

    private static Dictionary<BackendAddress, double> Shares(FrontendModel kernel)
    {
        var total = (double)kernel.Backends.Sum(share => share.Weight);
        return kernel.Backends.ToDictionary(share => share.Backend, share => share.Weight / total);
    }

    private static string Text(BackendAddress address) => $"{address.Address}:{address.Port}";

    private static string Text(BackendState state) => state switch
    {
        BackendState.Active => "active",
        BackendState.Terminating => "terminating",
        _ => "not-ready",
    };
}
