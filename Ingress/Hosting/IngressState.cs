using System.Net;
using ClusterMesh.Proxy.Hosting;
using System.Collections.Immutable;
using System.Net.Security;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Ingress.Tls;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Telemetry.Otel;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Proxy;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Admin;
using ClusterMesh.Proxy.Edge;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>Holds what the gateway has in force. Apply is called by the one writer; what was good stays when it throws.</summary>
internal sealed class IngressState(IngressOptions options, ProxyCore proxy, MeterReading runtime, ILogger log, TimeProvider time) : IProxyHost
{
    private readonly IngressCompiler _compiler = new(options.Ingress);
    private readonly ServerCertificate _selfSigned = SelfSignedCertificate.Create("clustermesh.local", time);
    private volatile IngressModel _model = new(Mesh.Routes.RouteTable.Empty, CertificateTable.Empty, []);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProblemLog _said = new(log);

    public Lifecycle Lifecycle { get; } = new(time);

    public string Cluster => options.Cluster;

    public EdgeSettings Edge => options.Edge;

    public IReadOnlyList<CertificateStatus> Certificates =>
        [.. _model.Certificates.Entries.Select(entry => new CertificateStatus(entry.Host, entry.Secret.ToString(), entry.NotAfter))];

    /// <summary>Everything that is wrong now, in a stable order.</summary>
    public ImmutableArray<Problem> Problems { get; private set; } = [];

    public long Version => proxy.State.Snapshot?.Version ?? 0;

    public IReadOnlyList<string> Listeners =>
        [.. options.Listen.Http.Select(endPoint => $"http://{endPoint}"), .. options.Listen.Https.Select(endPoint => $"https://{endPoint}")];

    public SslStreamCertificateContext Certificate(string? serverName)
    {
        var table = _model.Certificates;
        return (table.Find(serverName) ?? table.Default ?? _selfSigned).Context;
    }

    /// <summary>Completes once there is something to route by.</summary>
    public Task FirstSnapshot => _first.Task;

    public void WriteMetrics(MetricText text) => runtime.Write(text);

    public IFrontendFeature? FrontendOf(IPEndPoint asked) => null;

    public Route? DirectTo(IPEndPoint asked) => null;

    public void Apply(MeshSnapshot mesh)
    {
        var model = _compiler.Compile(mesh);
        proxy.State.Apply(mesh, model.Routes);
        PropagationMeter.Applied(mesh, time);
        var compiled = !ReferenceEquals(_model, model);
        _model = model;
        Problems = model.Problems.IsEmpty ? mesh.Problems : mesh.Problems.AddRange(model.Problems);
        _said.Look(Problems);
        if (compiled) Log.Applied(log, mesh.Version, model.Routes.Routes.Length, mesh.Services.Count, Problems.Length);
        else if (!mesh.Changed.IsDefaultOrEmpty) Log.BackendsApplied(log, mesh.Version, mesh.Changed.Length);
        _first.TrySetResult();
    }
}
