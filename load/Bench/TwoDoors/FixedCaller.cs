using System.Net;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Forward;
using Microsoft.AspNetCore.Connections;

namespace ClusterMesh.TwoDoors;

/// <summary>Everybody at this door is one pod that asks for one service: nothing is looked up.</summary>
internal sealed class FixedCaller(uint identity, ushort endpoint, IPEndPoint asked)
{
    public ConnectionDelegate Use(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(new Caller(identity, endpoint, CallerScope.Service, asked) { Client = ((IPEndPoint)connection.RemoteEndPoint!).Address, Upstream = new OnBehalf(identity, null) });
        return next(connection);
    };
}
