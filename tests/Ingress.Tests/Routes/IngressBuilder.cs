using System.Globalization;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Tests.Routes;

/// <summary>An Ingress in a test's words: <c>An.Ingress("web").Rule("foo.example", "/api", "web:80")</c>.</summary>
internal sealed class IngressBuilder(string name)
{
    private readonly Dictionary<string, string> _annotations = [];
    private readonly List<IngressRule> _rules = [];
    private readonly List<IngressTls> _tls = [];
    private IngressBackend? _default;
    private string? _class;
    private DateTimeOffset? _created;

    /// <summary>Bigger is younger.</summary>
    public IngressBuilder Born(int day)
    {
        _created = new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
        return this;
    }

    public IngressBuilder Class(string? className)
    {
        _class = className;
        return this;
    }

    /// <summary>A name without a slash gets our prefix.</summary>
    public IngressBuilder With(string annotation, string value)
    {
        _annotations[annotation.Contains('/') ? annotation : $"clustermesh.io/{annotation}"] = value;
        return this;
    }

    public IngressBuilder Canary(string? weight = null) =>
        weight is null ? With("canary", "true") : With("canary", "true").With("canary-weight", weight);

    public IngressBuilder Rule(string? host, string path, string backend, IngressPathType type = IngressPathType.Prefix) =>
        Rule(host, new IngressPath(path, type, An.Backend(backend)));

    public IngressBuilder Rule(string? host, params IngressPath[] paths)
    {
        _rules.Add(new IngressRule(host, paths));
        return this;
    }

    public IngressBuilder Default(string backend)
    {
        _default = An.Backend(backend);
        return this;
    }

    public IngressBuilder Tls(string? secret, params string[] hosts)
    {
        _tls.Add(new IngressTls(hosts, secret));
        return this;
    }

    public IngressObject Build() => new(
        new ObjectMeta(An.Key(name), ObjectMeta.None, _annotations, _created), _class, _default, _tls, _rules);
}

internal static class An
{
    /// <summary>"web" is in the namespace default.</summary>
    public static ObjectKey Key(string name) =>
        name.Split('/') is [var ns, var rest] ? new ObjectKey(ns, rest) : new ObjectKey("default", name);

    public static IngressBuilder Ingress(string name) => new(name);

    /// <summary>"web:80" or "web:http".</summary>
    public static IngressBackend Backend(string backend) =>
        backend.Split(':') is [var service, var port] && int.TryParse(port, CultureInfo.InvariantCulture, out var number)
            ? new IngressBackend(service, PortNumber: number)
            : new IngressBackend(backend.Split(':')[0], backend.Split(':')[1]);

    public static IngressPath Path(string path, string backend = "web:80", IngressPathType type = IngressPathType.Prefix) =>
        new(path, type, Backend(backend));
}
