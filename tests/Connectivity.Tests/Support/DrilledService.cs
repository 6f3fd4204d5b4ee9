using System.Collections.Concurrent;
using System.Net;
using ClusterMesh.Cli.Lab;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>
/// A global service with two pods in each cluster that the test itself answers for, balanced by requests in cluster-1. Each answer says whose
/// it is by x-pod. Gone with its pods when it is disposed.
/// </summary>
internal sealed class DrilledService : IAsyncDisposable
{
    public static readonly string[] Pods = ["cluster-1/drilled-1", "cluster-1/drilled-2", "cluster-2/drilled-1", "cluster-2/drilled-2"];

    private readonly RunningLab _lab;
    private readonly List<(string Cluster, string Yaml)> _applied = [];
    private readonly Dictionary<string, PodServer> _servers = [];
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();

    private DrilledService(RunningLab lab) => _lab = lab;

    public IPEndPoint Address { get; } = new(IPAddress.Parse("10.96.3.1"), 80);

    /// <param name="more">Further objects of cluster-1.</param>
    public static async Task<DrilledService> StartAsync(RunningLab lab, RequestDelegate answer, string more = "")
    {
        var service = new DrilledService(lab);
        try
        {
            await service.ApplyAsync("cluster-1", $"{Objects(1, "clustermesh.io/l7: \"http\"")}{more}");
            await service.ApplyAsync("cluster-2", Objects(2, "service.cilium.io/shared: \"true\""));
            foreach (var pod in Pods) await service.ServeAsync(pod, answer);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Done when each pod has answered somebody there.</summary>
    public async Task UntilAllAnswerAsync(string from)
    {
        var (place, seen) = (new Places(_lab).Target(from), new HashSet<string>());
        await Eventually.TrueAsync(async () => (await _lab.HttpAsync(place, $"http://{Address}/")).Headers.TryGetValue("x-pod", out var pod) && seen.Add(pod) && seen.Count == Pods.Length, "all backends take requests", 60);
    }

    /// <summary>From the next request on that pod answers otherwise.</summary>
    public void Answer(string pod, RequestDelegate answer) => _answers[pod] = answer;

    /// <summary>Whether cluster-1 balances it by requests, from now on.</summary>
    public Task MarkAsync(bool marked) => _lab.ApplyAsync("cluster-1", Objects(1, $"clustermesh.io/l7: \"{(marked ? "http" : "none")}\""));

    /// <summary>Nobody listens there any more.</summary>
    public async Task EndAsync(string pod)
    {
        if (_servers.Remove(pod, out var server)) await server.DisposeAsync();
    }

    /// <summary>As `lab exec` has it.</summary>
    public static string Place(string pod) => pod.Replace("/", "/default/", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values) await server.DisposeAsync();
        foreach (var (cluster, yaml) in _applied)
        {
            foreach (var (kind, key) in AppliedObjects.In(yaml)) await _lab.DeleteAsync(cluster, kind, $"{key.Namespace}/{key.Name}");
        }
    }

    private async Task ServeAsync(string pod, RequestDelegate answer)
    {
        _answers[pod] = answer;
        _servers[pod] = await PodServer.StartAsync(_lab.Netns(Place(pod)), context =>
        {
            context.Response.Headers["x-pod"] = pod;
            return _answers[pod](context);
        });
    }

    private async Task ApplyAsync(string cluster, string yaml)
    {
        _applied.Add((cluster, yaml));
        await _lab.ApplyAsync(cluster, yaml);
    }

    private static string Objects(int cluster, string annotation) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: drilled-1, namespace: default, labels: { name: drilled } }
        spec: { nodeName: cluster-{{cluster}}-node-1, containers: [] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: drilled-2, namespace: default, labels: { name: drilled } }
        spec: { nodeName: cluster-{{cluster}}-node-2, containers: [] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: drilled, namespace: default, annotations: { service.cilium.io/global: "true", {{annotation}} } }
        spec: { clusterIP: 10.{{95 + cluster}}.3.1, selector: { name: drilled }, ports: [{ port: 80, targetPort: 8080 }] }

        """;
}
