using System.Net;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.MeshBench.Simulated;

/// <summary>
/// Many remotes in one process, as 255 real etcds do not fit on two cores: each is an address on loopback that answers Range and
/// Watch of the etcd API from memory. Nothing changes in them. GET /bytes says how much was read.
/// </summary>
internal static class SimulatedRemotes
{
    public static IPAddress AddressOf(int cluster) => new([127, 9, 0, (byte)cluster]);

    public static string NameOf(int cluster) => $"cluster-{cluster}";

    /// <summary>Until standard input ends.</summary>
    public static async Task<int> ServeAsync(MeshSize size, int port)
    {
        var clusters = Enumerable.Range(1, size.Clusters).ToDictionary(AddressOf, cluster => new SimulatedEtcd(cluster, ClusterKeys.Of(NameOf(cluster), cluster, size, pods: true)));
        var bytes = 0L;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (var address in clusters.Keys) kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.MapUnary(EtcdMethods.Range.Method, (request, call) => Task.FromResult(Count(Of(call).Range(request))), new() { Send = int.MaxValue });
        app.MapDuplex(EtcdMethods.Watch, (requests, call) => Of(call).WatchAsync(requests, call.Cancelled));
        app.MapUnary(EtcdMethods.Status.Method, (_, call) => Task.FromResult(Of(call).Status()));
        app.MapGet("/bytes", (HttpContext context) => context.Response.WriteAsync(Interlocked.Read(ref bytes).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await app.StartAsync();
        Console.WriteLine("serving");
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;

        SimulatedEtcd Of(GrpcServerCall call) => clusters[call.Http.Connection.LocalIpAddress!];

        RangeResponse Count(RangeResponse response)
        {
            Interlocked.Add(ref bytes, response.CalculateSize());
            return response;
        }
    }
}
