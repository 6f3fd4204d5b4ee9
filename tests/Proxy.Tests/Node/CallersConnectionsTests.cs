using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Node;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Node;

/// <summary>A connection to a backend has one mark and perhaps one source: it is never shared between callers.</summary>
public sealed class CallersConnectionsTests : IAsyncLifetime
{
    private readonly WebApplication _backend;

    public CallersConnectionsTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _backend = builder.Build();
        ((IApplicationBuilder)_backend).Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress} {context.Connection.Id}"));
    }

    private Uri Address => new(_backend.Urls.Single());

    public Task InitializeAsync() => _backend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [RootFact]
    public async Task Get_TwoCallers_HaveConnectionsOfTheirOwnAndKeepThem()
    {
        using var pool = new InvokerPool(TimeProvider.System);
        var (one, other) = (await AskAsync(pool, new(7, null)), await AskAsync(pool, new(8, null)));
        Assert.NotEqual(one, other);
        Assert.Equal(one, await AskAsync(pool, new(7, null)));
        Assert.Equal(other, await AskAsync(pool, new(8, null)));
        Assert.Equal(2, pool.Count);
    }

    [RootFact]
    public async Task Get_WithASource_TheBackendSeesIt()
    {
        using var pool = new InvokerPool(TimeProvider.System);
        Assert.StartsWith("127.0.0.77 ", await AskAsync(pool, new(7, IPAddress.Parse("127.0.0.77"))), StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Sweep_ACallerThatAskedNothingForLong_IsForgottenAndTheEdgeIsNot()
    {
        var time = new FakeTime();
        using var pool = new InvokerPool(time);
        await AskAsync(pool, new(7, null), time);
        await AskAsync(pool, default, time);
        time.Advance(TimeSpan.FromMinutes(4));
        pool.Sweep();
        Assert.Equal(2, pool.Count);
        time.Advance(TimeSpan.FromMinutes(2));
        pool.Sweep();
        Assert.Equal(1, pool.Count);
        // Whoever comes back gets a new one.
        await AskAsync(pool, new(7, null), time);
        Assert.Equal(2, pool.Count);
    }

    [RootFact]
    public void Mark_OfACaller_IsOnItsSocket()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        MarkedConnection.SetMark(socket, new OnBehalf(0x012345, null).Mark);
        Span<byte> mark = stackalloc byte[4];
        socket.GetRawSocketOption(1, 36, mark);
        Assert.Equal(0x0123450b, BitConverter.ToInt32(mark));
    }

    [Fact]
    public async Task LocalOf_AnAcceptedSocket_IsWhatTheClientConnectedTo()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var asked = new IPEndPoint(IPAddress.Parse("127.0.0.5"), ((IPEndPoint)listener.LocalEndPoint!).Port);
        await client.ConnectAsync(asked);
        using var accepted = await listener.AcceptAsync();
        Assert.Equal(asked, SocketName.LocalOf(accepted));
    }

    private async Task<string> AskAsync(InvokerPool pool, OnBehalf caller, TimeProvider? time = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        using var response = await pool.Get(RoutePolicy.Default, caller, (time ?? TimeProvider.System).GetTimestamp()).SendAsync(request, default);
        return await response.Content.ReadAsStringAsync();
    }
}
