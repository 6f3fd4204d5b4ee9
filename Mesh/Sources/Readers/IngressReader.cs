using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class IngressReader
{
    public static IngressObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        var spec = root["spec"];
        var className = Dns.SubdomainOf(spec["ingressClassName"]);
        var fallback = spec["defaultBackend"];
        var rules = spec["rules"].Items();
        if (rules.Count == 0)
            fallback.Present("a backend, as there are no rules");
        return new IngressObject(
            meta,
            className,
            fallback.IsSet ? IngressBackendReader.Read(fallback) : null,
            [.. spec["tls"].Items().Select(Tls)],
            [.. rules.Select(Rule)]);
    }

    private static IngressTls Tls(Field field) =>
        new([.. field["hosts"].Items().Select(TlsHost)], Dns.SubdomainOf(field["secretName"]) is { Length: > 0 } name ? name : null);

    private static string TlsHost(Field field)
    {
        field.Required("a host");
        return Dns.HostOf(field) ?? "";
    }

    private static IngressRule Rule(Field field)
    {
        var host = Dns.HostOf(field["host"]);
        var http = field["http"];
        if (!http.IsSet)
            return new IngressRule(host, []);
        var paths = http["paths"];
        if (paths.Present("a list with at least one path") && paths.Items() is [])
            paths.Error("is empty, expected at least one path");
        return new IngressRule(host, [.. paths.Items().Select(IngressPathReader.Read)]);
    }
}
