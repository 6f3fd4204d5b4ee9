using System.Net;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Node;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Node;

/// <summary>Who opened a connection, by the real kernel's maps.</summary>
public sealed class CallerReaderTests
{
    private const uint Client = 0x10100, Server = 0x10200;
    private static readonly IPEndPoint s_client = new(IPAddress.Parse("10.1.1.11"), 1000), s_asked = new(IPAddress.Parse("10.1.1.12"), 8080);

    [KernelTheory]
    [InlineData(Scope.Service, Client, 11)]
    [InlineData(Scope.Egress, Client, 11)]
    [InlineData(Scope.Ingress, 0x20300u, 12)]
    public void Read_AConnectionOfTheProxy_IsWhoTheKernelKnows(Scope scope, uint identity, ushort endpoint)
    {
        using var scene = new AgentMapsScene();
        Endpoints(scene, Client);
        Put(scene, scope, 0x20300);
        using var maps = ProxyMaps.Open(scene.Pins);
        var caller = new CallerReader(maps, clientSource: false).Read(s_client, s_asked)!;
        Assert.Equal((identity, endpoint, $"{scope}"), (caller.Identity, caller.Endpoint, $"{caller.Scope}"));
        Assert.Equal((identity, null), (caller.Upstream.Identity, caller.Upstream.Source));
        Assert.Equal(s_client.Address, new CallerReader(maps, clientSource: true).Read(s_client, s_asked)!.Upstream.Source);
    }

    /// <summary>On whose behalf would a backend be asked? Without an identity no policy could be.</summary>
    [KernelTheory]
    [InlineData(Scope.Service)]
    [InlineData(Scope.Egress)]
    [InlineData(Scope.Ingress)]
    public void Read_AClientThatNobodyKnowsYet_IsNobody(Scope scope)
    {
        using var scene = new AgentMapsScene();
        Endpoints(scene, 0);
        Put(scene, scope, 0);
        using var maps = ProxyMaps.Open(scene.Pins);
        Assert.Null(new CallerReader(maps, clientSource: true).Read(s_client, s_asked));
    }

    private static void Endpoints(AgentMapsScene scene, uint client)
    {
        scene.Agent.Endpoints.Update(new(s_client.Address), new() { Id = 11, Identity = client });
        scene.Agent.Endpoints.Update(new(s_asked.Address), new() { Id = 12, Identity = Server });
    }

    private static void Put(AgentMapsScene scene, Scope scope, uint peer)
    {
        var key = new ConnectionKey
        {
            Source = new(s_client.Address), Destination = new(s_asked.Address), SourcePort = new((ushort)s_client.Port), DestinationPort = new((ushort)s_asked.Port), Protocol = 6, Scope = scope,
        };
        scene.Agent.Connections.Update(key, new() { Flags = ConnectionFlags.Proxied, PeerIdentity = peer });
    }
}
