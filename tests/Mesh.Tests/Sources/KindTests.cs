using System.Text;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>Each kind, read from what kubectl would take.</summary>
public sealed class KindTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_Service_ReadsPortsMetaAndDefaults()
    {
        var service = _directory.With("a.yaml", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              namespace: shop
              creationTimestamp: "2024-05-06T07:08:09Z"
              labels: {app: web}
              annotations:
                service.cilium.io/global: "true"
            spec:
              clusterIP: None
              selector: {app: web, tier: front}
              ports:
              - {name: http, port: 80, targetPort: web, appProtocol: kubernetes.io/h2c}
              - {name: dns, port: 53, protocol: UDP}
            """).Load().Services[new ObjectKey("shop", "web")];

        Assert.True(service.Headless);
        Assert.Equal("ClusterIP", service.Type);
        Assert.Equal([new ServicePort("http", 80, "TCP", "kubernetes.io/h2c"), new ServicePort("dns", 53, "UDP")], service.Ports);
        Assert.Equal(new Dictionary<string, string> { ["app"] = "web", ["tier"] = "front" }, service.Selector);
        Assert.Equal("true", service.Meta.Annotation("service.cilium.io/global"));
        Assert.Equal("web", service.Meta.Labels["app"]);
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), service.Meta.CreationTimestamp);
    }

    [Fact]
    public void Load_ExternalNameService_NeedsNoPorts()
    {
        var objects = _directory.With("a.yaml", "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: ExternalName, externalName: b.example}}").Load();

        Assert.Equal("ExternalName", Assert.Single(objects.Services).Value.Type);
    }

    [Fact]
    public void Load_SliceV1_ReadsConditionsPlaceAndPorts()
    {
        var objects = _directory.With("a.yaml", """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: web-1
              labels: {kubernetes.io/service-name: web}
            addressType: IPv4
            ports:
            - {name: http, port: 8080}
            - {name: any}
            - {name: dns, port: 53, protocol: UDP}
            endpoints:
            - addresses: [10.0.0.1, 10.0.0.2]
              conditions: {ready: false, serving: true, terminating: true}
              nodeName: n1
              zone: z1
              targetRef: {kind: Pod, name: web-x}
              hostname: web-0
              hints: {forZones: [{name: z1}, {name: z2}]}
            - addresses: [10.0.0.3]
            """).Load();

        var slice = Assert.Single(objects.Slices[new ObjectKey("default", "web")]);
        Assert.Equal("IPv4", slice.AddressType);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], slice.Endpoints[0].Addresses);
        Assert.Equal((false, true, true), (slice.Endpoints[0].Ready, slice.Endpoints[0].Serving, slice.Endpoints[0].Terminating));
        Assert.Equal(("n1", "z1", "web-x"), (slice.Endpoints[0].NodeName, slice.Endpoints[0].Zone, slice.Endpoints[0].Pod));
        Assert.Equal("web-0", slice.Endpoints[0].Hostname);
        Assert.Equal(["z1", "z2"], slice.Endpoints[0].ForZones);
        Assert.Equal((null, null, null), (slice.Endpoints[1].Ready, slice.Endpoints[1].Serving, slice.Endpoints[1].Terminating));
        Assert.Equal([new EndpointPort("http", 8080), new EndpointPort("any", null), new EndpointPort("dns", 53, "UDP")], slice.Ports);
        Assert.Empty(objects.Problems);
    }

    [Fact]
    public void Load_SliceV1Beta1_ReadsTopology()
    {
        var objects = _directory.With("a.yaml", """
            apiVersion: discovery.k8s.io/v1beta1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv6
            endpoints:
            - addresses: ["fd00::1"]
              conditions: {ready: true}
              topology: {kubernetes.io/hostname: n1, topology.kubernetes.io/zone: z1}
            """).Load();

        var endpoint = Assert.Single(Assert.Single(objects.Slices[new ObjectKey("default", "web")]).Endpoints);
        Assert.Equal(("n1", "z1", true), (endpoint.NodeName, endpoint.Zone, endpoint.Ready));
        Assert.Empty(objects.Problems);
    }

    [Fact]
    public void Load_Ingress_ReadsRulesTlsAndDefault()
    {
        var ingress = Assert.Single(_directory.With("a.yml", """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec:
              ingressClassName: clustermesh
              defaultBackend: {service: {name: fallback, port: {name: http}}}
              tls:
              - {hosts: ["*.Foo.example"], secretName: cert}
              - {}
              rules:
              - host: "Foo.Example"
                http:
                  paths:
                  - {path: /a, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}
                  - {path: /b/, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
                  - {pathType: ImplementationSpecific, backend: {resource: {kind: Bucket, name: static}}}
              - http: {paths: [{path: "/x(.*)//", pathType: ImplementationSpecific, backend: {service: {name: web, port: {number: 80}}}}]}
              - host: bare.example
            """).Load().Ingresses);

        Assert.Equal(("clustermesh", new IngressBackend("fallback", "http")), (ingress.ClassName, ingress.DefaultBackend));
        Assert.Equal(["*.foo.example"], ingress.Tls[0].Hosts);
        Assert.Equal(("cert", null), (ingress.Tls[0].SecretName, ingress.Tls[1].SecretName));
        Assert.Equal(["foo.example", null, "bare.example"], ingress.Rules.Select(rule => rule.Host));
        Assert.Equal(
            [
                new IngressPath("/a", IngressPathType.Exact, new IngressBackend("web", PortNumber: 80)),
                new IngressPath("/b/", IngressPathType.Prefix, new IngressBackend("web", "http")),
                new IngressPath("/", IngressPathType.ImplementationSpecific, new IngressBackend(null, Resource: "static")),
            ],
            ingress.Rules[0].Paths);
        Assert.Empty(ingress.Rules[2].Paths);
    }

    [Fact]
    public void Load_IngressClassAndNamespace_AreClusterScoped()
    {
        var objects = _directory.With("a.yaml", Samples.Documents(
            "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: c, namespace: x, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\"}}, spec: {controller: a.example/b}}\n",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n")).Load();

        var ingressClass = Assert.Single(objects.IngressClasses);
        Assert.Equal((new ObjectKey("", "c"), "a.example/b", true), (ingressClass.Key, ingressClass.Controller, ingressClass.IsDefault));
        Assert.Equal(new ObjectKey("", "shop"), Assert.Single(objects.Namespaces).Key);
    }

    [Fact]
    public void Load_Secrets_KeepsTlsAndCountsOthers()
    {
        var objects = _directory.With("a.yaml", Samples.Documents(
            "{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {name: c}, data: {tls.crt: Zm9v, tls.key: YQ==}, stringData: {tls.key: plain}}\n",
            "{apiVersion: v1, kind: Secret, metadata: {name: d}, data: {x: y}}\n",
            "{apiVersion: v1, kind: Secret, type: Opaque, metadata: {name: e}}\n")).Load();

        var secret = Assert.Single(objects.Secrets).Value;
        Assert.Equal("foo", Encoding.UTF8.GetString(secret.Values["tls.crt"]));
        Assert.Equal("plain", Encoding.UTF8.GetString(secret.Values["tls.key"]));
        Assert.Equal(2, objects.UnknownKinds["Secret (Opaque)"]);
        Assert.Empty(objects.Problems);
    }

    [Fact]
    public void Load_Pod_ReadsWhatDecidesIdentityAndAddresses()
    {
        var pod = Assert.Single(_directory.With("a.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: web-0, namespace: shop, labels: {app: web}}
            spec:
              nodeName: n1
              serviceAccountName: front
              hostNetwork: true
              containers:
              - {name: a, image: x, ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]}
              - {name: b, image: x, ports: [{name: dns, containerPort: 53, protocol: UDP}]}
            status:
              phase: Succeeded
              podIP: 10.1.0.5
              podIPs: [{ip: 10.1.0.5}, {ip: "fd00::5"}]
            """).Load().Pods);

        Assert.Equal((new ObjectKey("shop", "web-0"), "n1", "front", true, true), (pod.Key, pod.NodeName, pod.ServiceAccount, pod.HostNetwork, pod.Ended));
        Assert.Equal(["10.1.0.5", "fd00::5"], pod.Ips);
        Assert.Equal([new ContainerPort("http", 8080), new ContainerPort("dns", 53, "UDP")], pod.Ports);
    }

    [Fact]
    public void Load_PodNotScheduledYet_HasDefaultsAndNoAddress()
    {
        var pod = Assert.Single(_directory.With("a.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {podIP: \"\"}}").Load().Pods);

        Assert.Equal((null, "default", false, false), (pod.NodeName, pod.ServiceAccount, pod.HostNetwork, pod.Ended));
        Assert.Empty(pod.Ips);
    }

    [Fact]
    public void Load_PodWithOldFields_ReadsThem()
    {
        var pod = Assert.Single(_directory.With("a.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {serviceAccount: old}, status: {podIP: 10.1.0.5}}").Load().Pods);

        Assert.Equal("old", pod.ServiceAccount);
        Assert.Equal(["10.1.0.5"], pod.Ips);
    }

    [Fact]
    public void Load_Node_ReadsAddressesAndPodCidrs()
    {
        var objects = _directory.With("a.yaml", Samples.Documents(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: n1.example, labels: {zone: a}}
            spec: {podCIDR: 10.1.0.0/24, podCIDRs: [10.1.0.0/24, "fd00::/64"]}
            status: {addresses: [{type: InternalIP, address: 172.18.0.2}, {type: Hostname, address: n1.example}]}

            """,
            "{apiVersion: v1, kind: Node, metadata: {name: n2, namespace: x}, spec: {podCIDR: 10.1.1.0/24}}\n")).Load();

        Assert.Empty(objects.Problems);
        Assert.Equal(new ObjectKey("", "n1.example"), objects.Nodes[0].Key);
        Assert.Equal([new NodeAddress("InternalIP", "172.18.0.2"), new NodeAddress("Hostname", "n1.example")], objects.Nodes[0].Addresses);
        Assert.Equal(["10.1.0.0/24", "fd00::/64"], objects.Nodes[0].PodCidrs);
        Assert.Equal(new ObjectKey("", "n2"), objects.Nodes[1].Key);
        Assert.Equal(["10.1.1.0/24"], objects.Nodes[1].PodCidrs);
    }

    [Theory]
    [InlineData("Pod", "status: {podIP: \"10.1\"}", "status.podIP", "\"10.1\" is not an IP address")]
    [InlineData("Pod", "status: {podIPs: [{ip: 10.1.0.5}, {ip: x}]}", "status.podIPs[1].ip", "\"x\" is not an IP address")]
    [InlineData("Pod", "spec: {containers: [{ports: [{name: http, containerPort: 70000}]}]}", "spec.containers[0].ports[0].containerPort", "70000 is not a number from 1 to 65535")]
    [InlineData("Pod", "spec: {containers: [{ports: [{name: http}]}]}", "spec.containers[0].ports[0].containerPort", "is missing, expected a number from 1 to 65535")]
    [InlineData("Pod", "status: {phase: Odd}", "status.phase", "\"Odd\" is not one of Pending, Running, Succeeded, Failed, Unknown")]
    [InlineData("Node", "spec: {podCIDR: 10.1.0.0/33}", "spec.podCIDR", "\"10.1.0.0/33\" is not a CIDR such as 10.1.0.0/24")]
    [InlineData("Node", "status: {addresses: [{type: InternalIP, address: n1}]}", "status.addresses[0].address", "\"n1\" is not an IP address")]
    [InlineData("Node", "status: {addresses: [{address: n1}]}", "status.addresses[0].type", "is missing, expected one of Hostname, InternalIP, ExternalIP, InternalDNS, ExternalDNS")]
    public void Load_BadPodOrNode_NamesTheField(string kind, string rest, string field, string reason)
    {
        var objects = _directory.With("a.yaml", $"{{apiVersion: v1, kind: {kind}, metadata: {{name: a}}, {rest}}}").Load();

        var problem = Assert.Single(objects.Problems);
        Assert.Equal((field, reason), (problem.Field, problem.Reason));
        Assert.Empty(objects.Pods);
        Assert.Empty(objects.Nodes);
    }

    [Fact]
    public void Load_UnknownKinds_AreCountedOnly()
    {
        var objects = _directory.With("a.yaml", Samples.Documents(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: 5}}\n",
            "{apiVersion: apps/v1, kind: Deployment}\n",
            "{apiVersion: serving.knative.dev/v1, kind: Service}\n")).Load();

        Assert.Equal(2, objects.UnknownKinds["apps/v1/Deployment"]);
        Assert.Equal(1, objects.UnknownKinds["serving.knative.dev/v1/Service"]);
        Assert.Empty(objects.Problems);
    }
}
