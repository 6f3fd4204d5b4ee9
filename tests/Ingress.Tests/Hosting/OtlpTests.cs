using System.Net;
using System.Net.Sockets;
using ClusterMesh.Ingress.Tests.Admin;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Ingress.Tests.Hosting;

[Collection(TelemetryRunsAlone.Name)]
public sealed class OtlpTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task Flush_AfterARequest_PushesSpansMetricsAndLogs()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await LiveGateway.StartAsync(CanaryManifests.With, context => context.Response.WriteAsync("ok"), receiver.Address);
        await gateway.GetAsync("/", ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"));
        await gateway.RequestsAsync(1);
        gateway.FlushTelemetry();

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], receiver.Paths);
        Assert.Equal(["application/x-protobuf"], receiver.Types);

        // opentelemetry/proto/collector/*: resource_* = 1, scope_* = 2, then the signal's own message = 2.
        foreach (var path in receiver.Paths)
        {
            var resource = receiver.At(path, 1, 1, 1).ToDictionary(attribute => attribute.At(1).Single().Text, attribute => attribute.At(2, 1).Single().Text);
            Assert.Equal(("clustermesh-ingress", "west"), (resource["service.name"], resource["k8s.cluster.name"]));
            Assert.True(resource.ContainsKey("service.version") && resource.ContainsKey("service.instance.id"), path);
        }

        Assert.Equal(["GET", "GET default/web foo.example/"], receiver.At("/v1/traces", 1, 2, 2, 5).Select(name => name.Text).Order());
        Assert.Equal([Trace, Trace], receiver.At("/v1/traces", 1, 2, 2, 1).Select(id => id.Hex));
        var metrics = receiver.At("/v1/metrics", 1, 2, 2, 1).Select(name => name.Text).ToHashSet();
        Assert.Superset(new HashSet<string> { "http.server.request.duration", "http.client.request.duration", "dotnet.gc.collections", "kestrel.active_connections" }, metrics);
        Assert.Contains(receiver.At("/v1/logs", 1, 2, 2, 5, 1), body => body.Text.Contains("telemetry goes to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sample_Zero_PushesNoSpanOfNewTraces()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await LiveGateway.StartAsync(CanaryManifests.With, context => context.Response.WriteAsync("ok"), receiver.Address, sample: 0);
        await gateway.GetAsync("/");
        await gateway.GetAsync("/", ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"));
        await gateway.RequestsAsync(2);
        gateway.FlushTelemetry();

        // The client's own decision stands.
        Assert.Equal([Trace, Trace], receiver.At("/v1/traces", 1, 2, 2, 1).Select(id => id.Hex));
    }

    [Fact]
    public async Task Collector_IsNotThere_RequestsAreAnswered()
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var gateway = await LiveGateway.StartAsync(CanaryManifests.With, context => context.Response.WriteAsync("ok"), new($"http://{nobody.LocalEndPoint}"));
        for (var i = 0; i < 50; i++) await gateway.GetAsync("/");
        await gateway.RequestsAsync(50);
        gateway.FlushTelemetry();
        await gateway.GetAsync("/");
        Assert.Equal(0, gateway.Proxy.Recorder.Failed);
    }
}
