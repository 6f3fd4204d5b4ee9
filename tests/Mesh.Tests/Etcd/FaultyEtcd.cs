using System.Net;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>Does what the real etcd does only now and then: cuts calls after it saw them, and answers out of order.</summary>
internal sealed class FaultyEtcd : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FaultyEtcd(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public int Puts { get; private set; }

    public int Ranges { get; private set; }

    /// <summary>How many reads are cut before one is answered.</summary>
    public int Cuts { get; init; }

    public string Version { get; init; } = "3.4.23";

    /// <summary>The revision each watch was to begin at.</summary>
    public List<long> WatchedFrom { get; } = [];

    /// <summary>What each watch is told, one after the other; then its connection is cut.</summary>
    public Queue<WatchResponse[]> Watches { get; } = new();

    public static async Task<FaultyEtcd> StartAsync(int cuts = 0, string version = "3.4.23")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2));
        var etcd = new FaultyEtcd(builder.Build()) { Cuts = cuts, Version = version };
        etcd._app.MapUnary(EtcdMethods.Put.Method, etcd.PutAsync);
        etcd._app.MapUnary(EtcdMethods.Range.Method, etcd.RangeAsync);
        etcd._app.MapUnary(EtcdMethods.Status.Method, (_, _) => Task.FromResult(new StatusResponse { Header = Header(1000), Version = etcd.Version }));
        etcd._app.MapDuplex(EtcdMethods.Watch, etcd.WatchAsync);
        await etcd._app.StartAsync();
        return etcd;
    }

    public static ResponseHeader Header(long revision) => new() { ClusterId = 1, Revision = revision };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task<PutResponse> PutAsync(PutRequest request, GrpcServerCall call)
    {
        Puts++;
        call.Http.Abort();
        return Task.FromResult(new PutResponse());
    }

    private Task<RangeResponse> RangeAsync(RangeRequest request, GrpcServerCall call)
    {
        if (++Ranges <= Cuts)
            call.Http.Abort();
        var answer = new RangeResponse { Header = Header(1000) };
        if (request.Revision > 0)
            answer.Kvs.Add(new KeyValue { Key = request.Key, ModRevision = request.Revision });
        return Task.FromResult(answer);
    }

    private async IAsyncEnumerable<WatchResponse> WatchAsync(IAsyncEnumerable<WatchRequest> requests, GrpcServerCall call)
    {
        await foreach (var request in requests)
        {
            WatchedFrom.Add(request.CreateRequest.StartRevision);
            yield return new WatchResponse { Header = Header(1000), Created = true };
            if (!Watches.TryDequeue(out var told))
                continue;
            foreach (var response in told) yield return response;
            throw new GrpcException(GrpcStatus.Unavailable, "etcdserver: no leader");
        }
    }
}
