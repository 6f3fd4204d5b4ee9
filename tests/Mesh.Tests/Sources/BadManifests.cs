namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>Rows of (what, YAML, subject, field, part of the reason).</summary>
public static class BadManifests
{
    private const string File = "file bad.yaml";

    public static TheoryData<string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string>();
        AddSyntax(rows);
        AddHeaders(rows);
        AddServices(rows);
        AddIngresses(rows);
        AddSlices(rows);
        AddSecrets(rows);
        return rows;
    }

    private static void AddSyntax(TheoryData<string, string, string, string, string> rows)
    {
        rows.Add("unclosed list", "a: [1, 2", File, "", "not valid YAML");
        rows.Add("unclosed list over lines", "metadata:\n  name: [a\nspec: b", File, "", "not valid YAML from here on");
        rows.Add("unclosed quote", "a: \"b\nc: d", File, "", "not valid YAML");
        rows.Add("cut in the middle of a key", "apiVersion: v1\nkind: Service\nmetad", File, "", "not valid YAML");
        rows.Add("tab as indent", "a:\n\tb: 1", File, "", "not valid YAML");
        rows.Add("key twice", "kind: Service\nkind: Service", File, "", "the key \"kind\" is there twice, first in line 1");
        rows.Add("template", "metadata: {{ .Values.meta }}", File, "", "a template that was not rendered?");
        rows.Add("unknown anchor", "a: *b", File, "", "b");
        rows.Add("self reference", "a: &a [*a]", File, "", "a");
        rows.Add("own tag", "a: !!python/object x", File, "", "tag:yaml.org,2002:python/object is not supported");
        rows.Add("merge of a scalar", "a:\n  <<: 5", File, "", "<< merges only a map");
        rows.Add("NUL", "apiVersion: v1\nkind\0: Service", File, "", "NUL byte");
        rows.Add("a list as document", "- 1", File, "", "is not a map, expected a Kubernetes object");
        rows.Add("a word as document", "hello", File, "", "is not a map, expected a Kubernetes object");
    }

    private static void AddHeaders(TheoryData<string, string, string, string, string> rows)
    {
        rows.Add("no apiVersion", "kind: Service", File, "apiVersion", "is missing");
        rows.Add("no kind", "apiVersion: v1", File, "kind", "is missing");
        rows.Add("kind a number", "apiVersion: v1\nkind: 7", File, "kind", "7 is a number, expected a string");
        rows.Add("wrong version", "{apiVersion: v2, kind: Service}", File, "apiVersion", "\"v2\" has no Service, expected v1");
        rows.Add("wrong group", "{apiVersion: v1, kind: Ingress, metadata: {name: a}}", "Ingress default/a", "apiVersion", "\"v1\" has no Ingress, expected networking.k8s.io/v1");
        rows.Add("no metadata", "{apiVersion: v1, kind: Namespace}", File, "metadata.name", "is missing");
        rows.Add("generateName", "{apiVersion: v1, kind: Namespace, metadata: {generateName: a-}}", File, "metadata.name", "generateName");
        rows.Add("metadata a string", "{apiVersion: v1, kind: Namespace, metadata: a}", File, "metadata", "\"a\" is a string, expected a map");
        rows.Add("name a number", "{apiVersion: v1, kind: Namespace, metadata: {name: 12}}", "Namespace 12", "metadata.name", "12 is a number, expected a string (put it in quotes)");
        rows.Add("name in upper case", "{apiVersion: v1, kind: Namespace, metadata: {name: Web}}", "Namespace Web", "metadata.name", "\"Web\" is not a DNS label");
        rows.Add("namespace with dot", Service("name: a, namespace: b.c"), "Service b.c/a", "metadata.namespace", "\"b.c\" is not a DNS label");
        rows.Add("labels a list", Service("name: a, labels: [b]"), "Service default/a", "metadata.labels", "is a list, expected a map");
        rows.Add("annotation a map", Service("name: a, annotations: {x: {}}"), "Service default/a", "metadata.annotations[\"x\"]", "is a map, expected a string");
        rows.Add("bad time", Service("name: a, creationTimestamp: yesterday"), "Service default/a", "metadata.creationTimestamp", "RFC 3339");
        rows.Add("items not a list", "{apiVersion: v1, kind: List, items: 3}", File, "items", "3 is a number, expected a list");
        rows.Add("item without kind", "{apiVersion: v1, kind: List, items: [{apiVersion: v1}]}", File, "items[0].kind", "is missing");
    }

    private static void AddServices(TheoryData<string, string, string, string, string> rows)
    {
        const string subject = "Service default/a";
        rows.Add("no spec", "{apiVersion: v1, kind: Service, metadata: {name: a}}", subject, "spec.ports", "is missing");
        rows.Add("no ports", Service("name: a", "ports: []"), subject, "spec.ports", "is empty");
        rows.Add("port in quotes", Service("name: a", "ports: [{port: \"80\"}]"), subject, "spec.ports[0].port", "\"80\" is a string, expected a number from 1 to 65535");
        rows.Add("port too big", Service("name: a", "ports: [{port: 65536}]"), subject, "spec.ports[0].port", "65536 is not a number from 1 to 65535");
        rows.Add("port a fraction", Service("name: a", "ports: [{port: 80.5}]"), subject, "spec.ports[0].port", "80.5 is not a number from 1 to 65535");
        rows.Add("port missing", Service("name: a", "ports: [{name: x}]"), subject, "spec.ports[0].port", "is missing");
        rows.Add("two ports, one name missing", Service("name: a", "ports: [{port: 1, name: x}, {port: 2}]"), subject, "spec.ports[1].name", "several ports");
        rows.Add("port name twice", Service("name: a", "ports: [{port: 1, name: x}, {port: 2, name: x}]"), subject, "spec.ports[1].name", "\"x\" names two ports");
        rows.Add("port twice", Service("name: a", "ports: [{port: 1, name: x}, {port: 1, name: y}]"), subject, "spec.ports[1].port", "1/TCP is there twice");
        rows.Add("protocol", Service("name: a", "ports: [{port: 1, protocol: HTTP}]"), subject, "spec.ports[0].protocol", "\"HTTP\" is not one of TCP, UDP, SCTP");
        rows.Add("target port", Service("name: a", "ports: [{port: 1, targetPort: 0}]"), subject, "spec.ports[0].targetPort", "0 is not a number");
        rows.Add("type", Service("name: a", "type: Public, ports: [{port: 1}]"), subject, "spec.type", "\"Public\" is not one of ClusterIP");
        rows.Add("cluster IP", Service("name: a", "clusterIP: none, ports: [{port: 1}]"), subject, "spec.clusterIP", "\"none\" is neither an IP address nor None");
        rows.Add("cluster IP in short", Service("name: a", "clusterIP: \"10.1\", ports: [{port: 1}]"), subject, "spec.clusterIP", "\"10.1\" is neither an IP address nor None");
        rows.Add("cluster IPs that differ", Service("name: a", "clusterIP: 10.0.0.1, clusterIPs: [10.0.0.2], ports: [{port: 1}]"), subject, "spec.clusterIPs", "begins with 10.0.0.2, expected the clusterIP 10.0.0.1");
        rows.Add("three cluster IPs", Service("name: a", "clusterIPs: [10.0.0.1, 10.0.0.2, 10.0.0.3], ports: [{port: 1}]"), subject, "spec.clusterIPs", "has 3 addresses");
        rows.Add("node port too big", Service("name: a", "type: NodePort, ports: [{port: 1, nodePort: 65536}]"), subject, "spec.ports[0].nodePort", "65536 is not a number from 0 to 65535");
        rows.Add("node port twice", Service("name: a", "type: NodePort, ports: [{port: 1, name: x, nodePort: 30001}, {port: 2, name: y, nodePort: 30001}]"), subject, "spec.ports[1].nodePort", "30001/TCP is there twice");
        rows.Add("external IP a name", Service("name: a", "externalIPs: [a.example], ports: [{port: 1}]"), subject, "spec.externalIPs[0]", "\"a.example\" is not an IP address");
        rows.Add("external IP loopback", Service("name: a", "externalIPs: [127.0.0.1], ports: [{port: 1}]"), subject, "spec.externalIPs[0]", "\"127.0.0.1\" is a loopback, link-local or multicast address");
        rows.Add("external IP of a link", Service("name: a", "externalIPs: [169.254.169.254], ports: [{port: 1}]"), subject, "spec.externalIPs[0]", "is a loopback, link-local");
        rows.Add("external IP multicast", Service("name: a", "externalIPs: [224.0.0.1], ports: [{port: 1}]"), subject, "spec.externalIPs[0]", "is a loopback, link-local");
        rows.Add("session affinity", Service("name: a", "sessionAffinity: Cookie, ports: [{port: 1}]"), subject, "spec.sessionAffinity", "\"Cookie\" is not one of None, ClientIP");
        rows.Add("affinity of two days", Service("name: a", "sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 172800}}, ports: [{port: 1}]"), subject, "spec.sessionAffinityConfig.clientIP.timeoutSeconds", "172800 is not a number from 1 to 86400");
        rows.Add("external traffic policy", Service("name: a", "externalTrafficPolicy: local, ports: [{port: 1}]"), subject, "spec.externalTrafficPolicy", "\"local\" is not one of Cluster, Local");
        rows.Add("internal traffic policy", Service("name: a", "internalTrafficPolicy: Node, ports: [{port: 1}]"), subject, "spec.internalTrafficPolicy", "\"Node\" is not one of Cluster, Local");
        rows.Add("source range", Service("name: a", "type: LoadBalancer, loadBalancerSourceRanges: [office], ports: [{port: 1}]"), subject, "spec.loadBalancerSourceRanges[0]", "\"office\" is not a CIDR");
        rows.Add("service name with dot", Service("name: a.b"), "Service default/a.b", "metadata.name", "\"a.b\" is not a DNS label");
    }

    private static void AddIngresses(TheoryData<string, string, string, string, string> rows)
    {
        const string subject = "Ingress default/web";
        const string path = "spec.rules[0].http.paths[0]";
        const string service = "backend: {service: {name: a, port: {number: 80}}}";
        void Row(string what, string spec, string field, string reason) => rows.Add(what, Ingress(spec), subject, field, reason);
        void PathRow(string what, string yaml, string field, string reason) => Row(what, $"rules: [{{http: {{paths: [{{{yaml}}}]}}}}]", path + field, reason);

        Row("neither rules nor default", "ingressClassName: a", "spec.defaultBackend", "is missing");
        Row("class name", "ingressClassName: A_b, defaultBackend: {service: {name: a, port: {number: 1}}}", "spec.ingressClassName", "\"A_b\" is not a DNS name");
        Row("host an IP", "rules: [{host: 10.0.0.1}]", "spec.rules[0].host", "\"10.0.0.1\" is an IP address");
        Row("host with port", "rules: [{host: \"a.example:80\"}]", "spec.rules[0].host", "is not a DNS name");
        Row("star inside", "rules: [{host: a.*.example}]", "spec.rules[0].host", "is not a DNS name");
        Row("star alone", "rules: [{host: \"*\"}]", "spec.rules[0].host", "is not a DNS name");
        Row("host a number", "rules: [{host: 5}]", "spec.rules[0].host", "5 is a number, expected a string");
        Row("no paths", "rules: [{http: {}}]", "spec.rules[0].http.paths", "is missing");
        Row("empty paths", "rules: [{http: {paths: []}}]", "spec.rules[0].http.paths", "is empty");
        Row("tls host", "tls: [{hosts: [\"a b\"]}], rules: [{host: a}]", "spec.tls[0].hosts[0]", "\"a b\" is not a DNS name");
        Row("tls secret", "tls: [{secretName: \"A b\"}], rules: [{host: a}]", "spec.tls[0].secretName", "is not a DNS name");
        PathRow("no pathType", $"path: /, {service}", ".pathType", "is missing, expected one of Exact, Prefix, ImplementationSpecific");
        PathRow("pathType", $"path: /, pathType: prefix, {service}", ".pathType", "\"prefix\" is not one of Exact");
        PathRow("relative path", $"path: a, pathType: Prefix, {service}", ".path", "\"a\" does not begin with /");
        PathRow("no path", $"pathType: Exact, {service}", ".path", "is missing, expected a path as the pathType is Exact");
        PathRow("double slash", $"path: /a//b, pathType: Exact, {service}", ".path", "contains //");
        PathRow("dots", $"path: /a/.., pathType: Prefix, {service}", ".path", "contains /..");
        PathRow("no backend", "path: /, pathType: Prefix", ".backend", "is missing");
        PathRow("empty backend", "path: /, pathType: Prefix, backend: {}", ".backend", "has neither service nor resource");
        PathRow("both backends", "path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 1}}, resource: {name: b}}", ".backend", "has both service and resource");
        PathRow("backend of v1beta1", "path: /, pathType: Prefix, backend: {serviceName: a, servicePort: 1}", ".backend", "has neither service nor resource");
        PathRow("no service name", "path: /, pathType: Prefix, backend: {service: {port: {number: 1}}}", ".backend.service.name", "is missing");
        PathRow("no port", "path: /, pathType: Prefix, backend: {service: {name: a}}", ".backend.service.port", "has neither number nor name");
        PathRow("port twice", "path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 1, name: x}}}", ".backend.service.port", "has both number and name");
        PathRow("port in quotes", "path: /, pathType: Prefix, backend: {service: {name: a, port: {number: \"80\"}}}", ".backend.service.port.number", "\"80\" is a string, expected a number");
        PathRow("port zero", "path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 0}}}", ".backend.service.port.number", "0 is not a number from 1 to 65535");
        PathRow("port name a number", "path: /, pathType: Prefix, backend: {service: {name: a, port: {name: 80}}}", ".backend.service.port.name", "80 is a number, expected a string");
    }

    private static void AddSlices(TheoryData<string, string, string, string, string> rows)
    {
        const string subject = "EndpointSlice default/a";
        void Row(string what, string yaml, string field, string reason) => rows.Add(what, Slice(yaml), subject, field, reason);

        Row("no address type", "endpoints: []", "addressType", "is missing");
        Row("address type", "addressType: IPv5", "addressType", "\"IPv5\" is not one of IPv4, IPv6, FQDN");
        Row("other family", "addressType: IPv4, endpoints: [{addresses: [\"fd00::1\"]}]", "endpoints[0].addresses[0]", "\"fd00::1\" is not an IPv4 address");
        Row("short IPv4", "addressType: IPv4, endpoints: [{addresses: [\"10.1\"]}]", "endpoints[0].addresses[0]", "\"10.1\" is not an IPv4 address");
        Row("unquoted short IPv4", "addressType: IPv4, endpoints: [{addresses: [10.1]}]", "endpoints[0].addresses[0]", "10.1 is a number, expected a string");
        Row("any address", "addressType: IPv4, endpoints: [{addresses: [0.0.0.0]}]", "endpoints[0].addresses[0]", "\"0.0.0.0\" is not");
        Row("bracketed", "addressType: IPv6, endpoints: [{addresses: [\"[fd00::1]\"]}]", "endpoints[0].addresses[0]", "is not an IPv6 address");
        Row("no addresses", "addressType: IPv4, endpoints: [{addresses: []}]", "endpoints[0].addresses", "is empty");
        Row("addresses missing", "addressType: IPv4, endpoints: [{nodeName: n}]", "endpoints[0].addresses", "is missing");
        Row("ready in quotes", "addressType: IPv4, endpoints: [{addresses: [10.0.0.1], conditions: {ready: \"true\"}}]", "endpoints[0].conditions.ready", "\"true\" is a string, expected true or false");
        Row("port in quotes", "addressType: IPv4, ports: [{port: \"8080\"}]", "ports[0].port", "\"8080\" is a string");
        Row("port name twice", "addressType: IPv4, ports: [{port: 1}, {port: 2}]", "ports[1].name", "\"\" names two ports");
    }

    private static void AddSecrets(TheoryData<string, string, string, string, string> rows)
    {
        const string head = "apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {name: a}";
        rows.Add("not base64", $"{{{head}, data: {{tls.key: hunter2!}}}}", "Secret default/a", "data[\"tls.key\"]", "is not base64");
        rows.Add("value a number", $"{{{head}, stringData: {{tls.key: 12345}}}}", "Secret default/a", "stringData[\"tls.key\"]", "the value is a number, expected a string");
        rows.Add("data a string", $"{{{head}, data: hunter2}}", "Secret default/a", "data", "the value is a string, expected a map");
    }

    private static string Service(string metadata, string spec = "ports: [{port: 80}]") =>
        $"{{apiVersion: v1, kind: Service, metadata: {{{metadata}}}, spec: {{{spec}}}}}";

    private static string Ingress(string spec) => $"{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: web}}, spec: {{{spec}}}}}";

    private static string Slice(string rest) =>
        $"{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: a, labels: {{kubernetes.io/service-name: web}}}}, {rest}}}";
}
