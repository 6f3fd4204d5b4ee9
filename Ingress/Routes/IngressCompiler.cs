using System.Collections.Immutable;
using ClusterMesh.Ingress.Tls;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Ingress.Routes;

/// <summary>
/// From the local cluster's objects and the merged services to routes, certificates and problems: a pure function, but for
/// what it remembers of unchanged objects. One thread at a time.
/// </summary>
internal sealed class IngressCompiler(IngressSettings settings)
{
    private readonly ParsedIngressCache _parsed = new(settings);
    private readonly CertificateCache _certificates = new();
    private readonly RouteCache _routes = new();
    private readonly RouteInputs _inputs = new(static local => local.Ingresses, static local => local.IngressClasses, static local => local.Secrets);
    private IngressModel? _last;

    public IngressModel Compile(MeshSnapshot mesh)
    {
        if (_inputs.Covers(mesh) && _last is { } last) return last;
        // Should it throw, there is nothing to go on with next time.
        _last = null;
        return _last = Compile(mesh.Local, mesh.Services);
    }

    private IngressModel Compile(ClusterObjects local, IReadOnlyDictionary<ObjectKey, ServiceModel> services)
    {
        var problems = new ProblemList(local.Cluster);
        var ingresses = _parsed.Parse(SelectOldestFirst(local, problems), local.Cluster);
        foreach (var ingress in ingresses)
            problems.Add(ingress.Problems);
        var mains = ingresses.FindAll(ingress => ingress.Canary is null);
        var canaries = ingresses.FindAll(ingress => ingress.Canary is not null);

        var table = new PathTable();
        foreach (var main in mains)
            table.Add(main, problems);
        DefaultBackends.AddHostDefaults(table, mains, problems);
        var global = DefaultBackends.ChooseGlobal(mains, problems);
        DefaultBackends.AddPathlessHosts(table, mains, global);
        CanaryAttachment.Attach(table, global, canaries, problems);

        var tls = new TlsCompiler(_certificates.For(local.Secrets), local.ReadAt, problems).Compile(mains, settings.DefaultTlsSecret);
        var routes = new RouteBuilder(new SplitBuilder(new BackendResolver(services), problems), tls.Hosts);
        var built = _routes.Build(table.Drafts, routes, services, tls.Hosts);
        var byDefault = global is null ? null : routes.Build(global);

        UnhonouredAnnotations.Report(ingresses, problems);
        return new IngressModel(new RouteTable(built, byDefault), tls.Certificates, problems.ToImmutable());
    }

    private List<IngressObject> SelectOldestFirst(ClusterObjects local, ProblemList problems)
    {
        var classes = new ClassSelection(settings, local.IngressClasses);
        var ours = local.Ingresses.Where(ingress => classes.Serves(ingress, problems)).ToList();
        ours.Sort(IngressAge.OldestFirst);
        return ours;
    }
}
