using ClusterMesh.Cli.Lab.Network;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A backend in the other cluster goes bad under 1,000 requests a second: the node's proxy ejects it, and no request fails.</summary>
[Collection(RequestDrills.Name)]
public sealed class RequestFailoverDrills(TunnelledClusters clusters, ITestOutputHelper output)
{
    private const string Node = "cluster-1-node-1", Bad = "cluster-2/drilled-2";

    /// <summary>Of 7,000 requests, what the bad one may get after its ejection: those that find out, each time it is let back, that it is still bad. Without an ejection it would be a quarter of all.</summary>
    private const int StillAsked = 300;

    /// <summary>Bounds an attempt: else who hangs is waited for as long as Cilium's proxy would, 300 s.</summary>
    private const string Route = """
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: drilled, namespace: default }
        spec:
          parentRefs: [{ group: "", kind: Service, name: drilled, port: 80 }]
          rules: [{ backendRefs: [{ name: drilled, port: 80 }], timeouts: { request: 30s, backendRequest: 4s } }]
        """;

    private int _asked;

    [KernelFact]
    public Task RemoteBackend_Answers500_IsEjectedAndNoRequestFails() => DrillAsync("server_error", context =>
    {
        context.Response.StatusCode = 500;
        return Task.CompletedTask;
    });

    [KernelFact]
    public Task RemoteBackend_HangsAfterTheRequest_IsEjectedAndNoRequestFails() => DrillAsync("timeout", context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default));

    [KernelFact]
    public Task RemoteBackend_ResetsConnections_IsEjectedAndNoRequestFails() => DrillAsync("reset", context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    [KernelFact]
    public Task RemoteBackend_TakesConnectionsAndNeverReads_IsEjectedAndNoRequestFails() => DrillAsync("timeout", bad: null);

    /// <param name="bad">Null = a listener from which nobody accepts: the kernel opens connections, and that is all.</param>
    private async Task DrillAsync(string reason, RequestDelegate? bad)
    {
        var lab = clusters.Lab;
        await using var service = await DrilledService.StartAsync(lab, _ => Task.CompletedTask, Route);
        using var sockets = new NamespaceSockets(new Places(lab).Namespace("x-wing"));
        await using var load = new RequestLoad(sockets, service.Address, perSecond: 1000);
        await Eventually.TrueAsync(() => DrilledService.Pods.All(pod => load.All.Any(one => one.Who == pod)), "all backends take requests", 60);
        // Until every part of it was there, there was nobody to answer.
        var begun = load.Now;
        await load.MoreAsync(3000);

        using var deaf = bad is null ? await DeafenAsync(service, lab.Netns(DrilledService.Place(Bad))) : null;
        if (bad is not null) service.Answer(Bad, context => CountedAsync(bad, context));
        string? told = null;
        // Perhaps for refused connections first, of the moment between two listeners.
        await Eventually.TrueAsync(async () => (told = await EjectionAsync())?.Contains(reason, StringComparison.Ordinal) == true, $"{Bad} is ejected for {reason}", 60);
        var (ejected, before) = (load.Now, Asked(deaf));
        await load.MoreAsync(7000);
        var asked = Asked(deaf) - before;

        output.WriteLine($"{load}; ejected: {told}, requests after it: {load.Since(ejected).Count()}, of which the bad one was asked {asked}, and {before} before");
        Assert.Empty(load.Since(begun).Where(one => !one.Ok).Take(10));
        Assert.All(DrilledService.Pods.Where(pod => pod != Bad), pod => Assert.Contains(load.Since(ejected), one => one.Who == pod));
        Assert.NotEqual(0, before);
        Assert.InRange(asked, 0, StillAsked);
    }

    private static async Task<DeafServer> DeafenAsync(DrilledService service, NetworkNamespace pod)
    {
        await service.EndAsync(Bad);
        return new(pod);
    }

    private Task CountedAsync(RequestDelegate answer, HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        return answer(context);
    }

    /// <summary>How often the bad one was asked. Who hangs is asked once on each connection.</summary>
    private int Asked(DeafServer? deaf) => deaf?.Connections ?? Volatile.Read(ref _asked);

    /// <summary>What the proxy's state says of it; null = it takes requests.</summary>
    private async Task<string?> EjectionAsync()
    {
        var state = (await clusters.Lab.Node(Node).ProxyPages.StateAsync(CancellationToken.None)).Value;
        var backends = state.Services.Single(service => service.Name == "drilled").Ports.Single().Backends;
        var address = clusters.Lab.State.Pods.Single(pod => pod.Cluster == "cluster-2" && pod.Name == "drilled-2").Address;
        return backends.Single(backend => backend.Address == $"{address}:{PodServer.Port}") is { State: "ejected" } bad ? bad.Detail : null;
    }
}
