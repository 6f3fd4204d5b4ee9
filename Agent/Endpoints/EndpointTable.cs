using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Status;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>
/// The endpoints of this node: makes their interfaces, gives them numbers and addresses, and finds them again after a restart. Who
/// they are and what they may is written by the reconcile loop; until then nothing of them is let through. One thread at a time;
/// <see cref="All"/> from any.
/// </summary>
internal sealed partial class EndpointTable(Bpf.Datapath kernel, EndpointFile file, AddressPool pool, int mtu, ILogger log)
{
    private HashSet<ushort> _strangers = [];
    private volatile EndpointState _state = EndpointState.Empty;

    public ImmutableDictionary<ObjectKey, PodEndpoint> All => _state.Endpoints;

    /// <summary>There are endpoints, and the kernel's maps have none of them: they are new.</summary>
    public bool IsUnknownToKernel { get; private set; }

    /// <summary>Finds what an agent before this one left, and forgets what has no interface any more.</summary>
    /// <exception cref="IOException">The state file.</exception>
    public void Restore()
    {
        var state = file.Read();
        foreach (var gone in state.Endpoints.Values.Where(endpoint => endpoint.Ifindex == 0).ToList())
        {
            LogGone(gone.Id, gone.Pod, gone.Address, gone.Names.Interface);
            state = state.Without(gone);
        }

        if (state.Endpoints.Count > 0) LogRestored(state.Endpoints.Count);
        // What the kernel knows and the file does not: it may be a pod that works, and its number is taken.
        var known = state.Endpoints.Values.Select(endpoint => endpoint.Id).ToHashSet();
        var written = kernel.Endpoints.Read();
        IsUnknownToKernel = written.Count == 0 && known.Count > 0;
        foreach (var (address, endpoint) in written.Where(entry => !known.Contains(entry.Value.Id)))
        {
            if (Interfaces.NameOf((int)endpoint.Ifindex)?.StartsWith(EndpointNames.Prefix, StringComparison.Ordinal) != true)
            {
                kernel.Endpoints.Delete(address);
                kernel.Policies.Remove(endpoint.Id);
                continue;
            }

            LogStranger(endpoint.Id, address.ToIPAddress(), file.Path);
            _strangers.Add(endpoint.Id);
        }

        _state = state;
    }

    /// <summary>This agent's programs for all that were found.</summary>
    public void Attach()
    {
        foreach (var endpoint in All.Values) Attach(endpoint.Ifindex);
    }

    /// <param name="pod">Its object, where there is one.</param>
    /// <param name="reserved">Addresses that somebody has or is going to have.</param>
    /// <exception cref="EndpointException">Nothing has changed.</exception>
    public PodEndpoint Add(EndpointRequest request, PodObject? pod, IReadOnlySet<IPAddress> reserved)
    {
        EndpointCheck.Check(request);
        var key = new ObjectKey(request.Namespace, request.Pod);
        EndpointCheck.Check(pod, key);
        if (All.TryGetValue(key, out var there))
        {
            if (there.Netns == request.Netns && Interfaces.IndexOf(there.Names.Interface) == there.Ifindex) return there;
            // The pod's network was made anew: what it had is not there any more.
            Remove(key);
        }

        var state = _state;
        var endpoint = new PodEndpoint(state.NextId(_strangers), key, request.Netns, AddressOf(request, pod, reserved), request.Interface ?? "eth0", 0, mtu);
        try
        {
            endpoint = endpoint with { Ifindex = EndpointLinks.Make(endpoint) };
            Attach(endpoint.Ifindex);
            EndpointLinks.Open(endpoint);
            file.Write(state = state.With(endpoint));
        }
        catch (Exception exception) when (exception is NetworkException or BpfException or IOException or UnauthorizedAccessException)
        {
            EndpointLinks.Delete(endpoint);
            throw new EndpointException(500, $"endpoint of {key}: {exception.Message}; it is undone", exception);
        }

        _state = state;
        LogAdded(endpoint.Id, key, endpoint.Address, endpoint.Names.Interface);
        return endpoint;
    }

    /// <exception cref="EndpointException">There is none.</exception>
    public PodEndpoint Remove(ObjectKey key)
    {
        if (!All.TryGetValue(key, out var endpoint)) throw new EndpointException(404, $"pod {key} has no endpoint on this node");
        kernel.Endpoints.Delete(endpoint.Key);
        kernel.Policies.Remove(endpoint.Id);
        EndpointLinks.Delete(endpoint);
        file.Write(_state = _state.Without(endpoint));
        LogRemoved(endpoint.Id, key, endpoint.Address);
        return endpoint;
    }

    private void Attach(int ifindex)
    {
        kernel.Attach(Hook.FromContainer, ifindex);
        kernel.Attach(Hook.ToContainer, ifindex);
    }

    private IPAddress AddressOf(EndpointRequest request, PodObject? pod, IReadOnlySet<IPAddress> reserved)
    {
        var used = All.Values.Select(endpoint => endpoint.Address).ToHashSet();
        var wanted = request.Address is { } asked ? EndpointCheck.Address(asked) : pod?.Ips.Select(EndpointCheck.Address).FirstOrDefault(address => address is not null);
        if (wanted is null)
        {
            used.UnionWith(reserved);
            return pool.Next(used, _state.Released) ?? throw new EndpointException(409, $"every address of {pool.Cidr} is taken");
        }

        if (!pool.Contains(wanted)) throw new EndpointException(409, $"address {wanted} is not one that this node gives to pods: {pool.Cidr}");
        if (used.Contains(wanted)) throw new EndpointException(409, $"address {wanted} belongs to pod {All.Values.First(endpoint => endpoint.Address.Equals(wanted)).Pod}");
        return wanted;
    }

    [LoggerMessage(220, LogLevel.Information, "endpoint {Id} of pod {Pod}: {Address} at {Interface}")]
    private partial void LogAdded(ushort id, ObjectKey pod, IPAddress address, string @interface);

    [LoggerMessage(221, LogLevel.Information, "endpoint {Id} of pod {Pod} removed: {Address}")]
    private partial void LogRemoved(ushort id, ObjectKey pod, IPAddress address);

    [LoggerMessage(222, LogLevel.Information, "{Count} endpoints found again")]
    private partial void LogRestored(int count);

    [LoggerMessage(223, LogLevel.Warning, "endpoint {Id} of pod {Pod} ({Address}) is removed: its interface {Interface} is gone")]
    private partial void LogGone(ushort id, ObjectKey pod, IPAddress address, string @interface);

    [LoggerMessage(224, LogLevel.Warning, "endpoint {Id} ({Address}) is in the kernel and not in {File}: it stays as it is, and nothing can be changed for it")]
    private partial void LogStranger(ushort id, IPAddress address, string file);
}
