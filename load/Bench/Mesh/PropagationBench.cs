using System.Collections.Concurrent;
using System.Text.Json;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.MeshBench;

/// <summary>
/// From a put in the remote's etcd to the route in force in the gateway, at 1,000 changes a second, through everything that is in
/// between: watch, reader, merge, snapshot stream over a Unix socket, compiler, swap. Beside it a bare watch of the same keys.
/// </summary>
internal static class PropagationBench
{
    private const int Rate = 1_000;

    public static async Task RunAsync(bool quick)
    {
        var size = new MeshSize(1, quick ? 500 : 5_000, 20);
        var seconds = quick ? 2 : 10;
        await using var etcd = await BenchEtcd.StartAsync();
        await using var writer = EtcdClient.Open(etcd.Config, TimeProvider.System);
        await ClusterKeys.WriteAsync(writer, ClusterKeys.Of("east", 2, size, pods: false));
        var applied = new Latencies(size.Services);
        var bare = new Latencies(size.Services);
        using var stop = new CancellationTokenSource();

        // Agent: remotes to hub to socket.
        var hub = new SnapshotHub();
        await using var remotes = new Remotes(LocalServices.Of("west", size, ingresses: size.Services), 1, [("east", etcd.Config.Endpoints[0])], hub.Apply);
        var socket = Path.Combine(Path.GetTempPath(), $"clustermesh-bench-{Environment.ProcessId}.sock");
        await using var server = await ServeAsync(hub, socket);
        remotes.Start();
        await remotes.ReadyAsync(1, size.Endpoints, TimeSpan.FromMinutes(1));

        // Gateway: socket to routes.
        var state = new ProxyState(new HealthTable(new EjectionPolicy(), TimeProvider.System, NullLogger<HealthTable>.Instance), TimeProvider.System);
        var compiler = new IngressCompiler(new IngressSettings());
        using var client = new SnapshotClient(socket, "west", Follower.Edge, null, TimeProvider.System);
        var following = client.RunAsync(mesh =>
        {
            state.Apply(mesh, compiler.Compile(mesh).Routes);
            applied.Applied(mesh);
        }, static exception => Console.Error.WriteLine(exception), static _ => { }, stop.Token);
        while (state.Snapshot?.Routes.Count != size.Services) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);

        var watching = WatchAsync(etcd.Config, bare, stop.Token);
        await PutAsync(etcd.Config, size, 3, [], stop.Token);
        await PutAsync(etcd.Config, size, seconds, [applied, bare], stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        await stop.CancelAsync();
        await Task.WhenAll(following, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(socket);
        Report(applied, bare, seconds);
    }

    private static void Report(Latencies applied, Latencies bare, int seconds)
    {
        Print.Value("propagation-changes-per-second", applied.Count / (double)seconds, "1/s");
        Print.Value("propagation-missed", bare.Count - applied.Count, "changes");
        foreach (var percent in new[] { 50, 99 })
        {
            Print.Value($"propagation-p{percent}", applied.Percentile(percent), "ms");
            Print.Value($"bare-watch-p{percent}", bare.Percentile(percent), "ms");
            Print.Ratio($"propagation-vs-bare-watch-p{percent}", applied.Percentile(percent) / bare.Percentile(percent));
        }
    }

    private static async Task<WebApplication> ServeAsync(SnapshotHub hub, string socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapSnapshots(hub, TimeProvider.System);
        await app.StartAsync();
        return app;
    }

    private static async Task WatchAsync(EtcdConfig config, Latencies bare, CancellationToken stop)
    {
        await using var client = EtcdClient.Open(config, TimeProvider.System);
        var from = (await client.StatusAsync(stop)).Revision + 1;
        await foreach (var batch in client.WatchAsync($"{StateKeys.Services}/east/", from, stop))
        {
            var now = TimeProvider.System.GetTimestamp();
            foreach (var change in batch.Events) bare.Seen(int.Parse(change.Key.AsSpan(change.Key.LastIndexOf('-') + 1)), PortOf(change.Value!.Value.Span), now);
        }
    }

    // All backends of a change have one port, and no two changes of a service the same.
    private static int PortOf(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        var inBackends = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            inBackends |= reader.ValueTextEquals("backends"u8);
            if (!inBackends || !reader.ValueTextEquals("Port"u8)) continue;
            reader.Read();
            return reader.GetInt32();
        }

        return 0;
    }

    // Open loop: puts begin when they are due, not when the last one is answered.
    private static async Task PutAsync(EtcdConfig config, MeshSize size, int seconds, Latencies[] told, CancellationToken stop)
    {
        var clients = Enumerable.Range(0, 4).Select(_ => EtcdClient.Open(config, TimeProvider.System)).ToArray();
        var pending = new List<Task>();
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var put = 0; put < seconds * Rate;)
        {
            await timer.WaitForNextTickAsync(stop);
            for (var due = Math.Min(seconds * Rate, TimeProvider.System.GetElapsedTime(begun).TotalSeconds * Rate); put < due; put++)
            {
                var service = put % size.Services;
                var port = 10_000 + (put / size.Services) + (told.Length == 0 ? 20_000 : 0);
                var (key, value) = ClusterKeys.Service("east", 2, service, size, port);
                foreach (var latencies in told) latencies.Put(service, port, TimeProvider.System.GetTimestamp());
                pending.Add(clients[put % clients.Length].PutAsync(key, value, cancel: stop));
            }
        }

        await Task.WhenAll(pending);
        foreach (var client in clients) await client.DisposeAsync();
    }

    /// <summary>When each change was put, and how long it took to be seen.</summary>
    private sealed class Latencies(int services)
    {
        private readonly ConcurrentDictionary<(int Service, int Port), long> _put = new();
        private readonly List<double> _taken = [];

        public int Count => _taken.Count;

        public void Put(int service, int port, long at) => _put[(service, port)] = at;

        public void Seen(int service, int port, long at)
        {
            if (service < services && _put.TryRemove((service, port), out var put)) _taken.Add(TimeProvider.System.GetElapsedTime(put, at).TotalMilliseconds);
        }

        public void Applied(MeshSnapshot mesh)
        {
            var now = TimeProvider.System.GetTimestamp();
            foreach (var key in mesh.Changed.IsDefault ? [] : mesh.Changed)
            {
                if (mesh.Services[key].Ports[0].Backends is [var backend, ..]) Seen(int.Parse(key.Name.AsSpan(key.Name.LastIndexOf('-') + 1)), backend.Port, now);
            }
        }

        public double Percentile(int percent)
        {
            var sorted = _taken.Order().ToArray();
            return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
        }
    }
}
