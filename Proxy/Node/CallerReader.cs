using System.Net;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Proxy.Authorize;

namespace ClusterMesh.Proxy.Node;

/// <summary>Asks the kernel's table of connections who opened one, and why it was handed over.</summary>
internal sealed class CallerReader(ProxyMaps maps, bool clientSource)
{
    private const byte Tcp = 6;

    /// <summary>Null: the kernel does not know it as one of the proxy's, or nobody knows yet who the client is; then no policy could be asked about it.</summary>
    /// <exception cref="BpfException">The maps cannot be read.</exception>
    public Caller? Read(IPEndPoint client, IPEndPoint asked)
    {
        foreach (var scope in (ReadOnlySpan<Scope>)[Scope.Service, Scope.Egress, Scope.Ingress])
        {
            var key = new ConnectionKey
            {
                Source = new(client.Address), Destination = new(asked.Address), SourcePort = new((ushort)client.Port), DestinationPort = new((ushort)asked.Port),
                Protocol = Tcp, Scope = scope,
            };
            if (!maps.Connections.TryGet(key, out var connection) || !connection.Flags.HasFlag(ConnectionFlags.Proxied)) continue;
            var caller = scope == Scope.Ingress ? OfReceiver(connection, asked) : OfSender(key, scope, asked);
            return caller is null or { Identity: NumericIdentity.Unknown } ? null : caller with { Client = client.Address, Upstream = new(caller.Identity, clientSource ? client.Address : null) };
        }

        return null;
    }

    // As the packets carried it: the client's address may be that of another node's proxy.
    private Caller? OfReceiver(in Connection connection, IPEndPoint asked) =>
        maps.Endpoints.TryGet(new(asked.Address), out var pod) ? new(connection.PeerIdentity, pod.Id, CallerScope.Ingress, asked) : null;

    private Caller? OfSender(in ConnectionKey key, Scope scope, IPEndPoint asked) =>
        maps.Endpoints.TryGet(key.Source, out var pod) ? new(pod.Identity, pod.Id, scope == Scope.Service ? CallerScope.Service : CallerScope.Egress, asked) : null;
}
