using System.Net;
using ClusterMesh.Bpf;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Hosting;
using Microsoft.AspNetCore.Connections;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>
/// The gateway as somebody in the mesh (cilium.md 6): who may come in and where its requests may go is asked of policies that select
/// "reserved:ingress", and backends see that identity (8) on its packets.
/// </summary>
internal sealed class MeshIdentity : IDisposable
{
    private readonly ProxyMaps _maps;
    private readonly PolicyAuthorizer _authorizer;
    private readonly PolicyClient _policies;
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MeshIdentity(ProxyMaps maps, AgentOptions agent, string cluster, TimeProvider time)
    {
        _maps = maps;
        _authorizer = new(_maps);
        _policies = new(agent.Socket, cluster, time);
    }

    public IAuthorizer Authorizer => _authorizer;

    /// <summary>Completes when the policies are known: nobody is served before.</summary>
    public Task Known => _known.Task;

    /// <summary>All clients are served by one caller, the gateway itself.</summary>
    public static ConnectionDelegate Use(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Caller.OfGateway(connection.LocalEndPoint as IPEndPoint ?? new(IPAddress.None, 0), (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None));
        return next(connection);
    };

    /// <param name="told">Told whenever the agent tells policies (null) or no longer does (why).</param>
    public Task RunAsync(Action<Exception> failed, Action<string?> told, CancellationToken stop) => _policies.RunAsync(Apply, failed, told, stop);

    public void Dispose()
    {
        _policies.Dispose();
        _maps.Dispose();
    }

    private void Apply(NodePolicies policies)
    {
        _authorizer.Apply(policies);
        _known.TrySetResult();
    }
}
