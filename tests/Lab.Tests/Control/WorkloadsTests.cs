using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Lab.Tests.Control;

public sealed class WorkloadsTests
{
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: shop }
        spec:
          replicas: 2
          template:
            metadata: { labels: { app: web, version: "2" } }
            spec:
              terminationGracePeriodSeconds: 3
              containers:
                - name: web
                  ports: [{ name: http, containerPort: 8080 }, { containerPort: 53, protocol: UDP }]
                - name: side
                  command: [nc]
                  args: [-l, 9]
                  env: [{ name: A, value: "1" }]
                  lifecycle: { preStop: { sleep: { seconds: 2 } } }
        """;

    [Fact]
    public void Deployment_WithReplicas_IsNumberedPodsOfItsTemplate()
    {
        var pods = Workloads.PodsOf(Yaml.Objects(Deployment));
        Assert.Equal(["shop/web-1", "shop/web-2"], pods.Select(pod => $"{pod.Key}"));
        Assert.Equal("web", pods[1].Labels["app"]);
        Assert.Equal("Deployment", pods[1].Manifest["metadata"]!["ownerReferences"]![0].Text("kind"));
        Assert.Equal([new PodPort("http", 8080, "TCP"), new PodPort(null, 53, "UDP")], pods[0].Ports);
        Assert.Equal(["nc", "-l", "9"], pods[0].Containers[1].Command);
        Assert.Equal("1", pods[0].Containers[1].Environment["A"]);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)), (pods[0].Grace, pods[0].PreStop));
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{ replicas: 0 }", 0)]
    public void Deployment_ByItsReplicas_HasPods(string spec, int count)
    {
        var deployment = Yaml.Object($"{{ apiVersion: apps/v1, kind: Deployment, metadata: {{ name: web }}, spec: {spec} }}");
        deployment["spec"]!["template"] = Yaml.Pod("x");
        Assert.Equal(count, Workloads.PodsOf([deployment]).Count);
    }

    [Fact]
    public void Pods_OfOneName_AreRefused()
    {
        var error = Assert.Throws<LabException>(() => Workloads.PodsOf([.. Yaml.Objects(Deployment), Yaml.Object("{ apiVersion: v1, kind: Pod, metadata: { name: web-2, namespace: shop }, spec: {} }")]));
        Assert.Equal("Pod shop/web-2: two objects ask for a pod of that name", error.Message);
    }

    [Fact]
    public void Pod_WithOtherLabels_RunsOn_AndWithAnotherVersionDoesNot()
    {
        var pod = Spec("{ app: web, version: v1 }");
        Assert.True(pod.RunsAs(Spec("{ app: other, version: v1 }")));
        Assert.False(pod.RunsAs(Spec("{ app: web, version: v2 }")));
        Assert.False(pod.RunsAs(new(pod.Key, Yaml.Pod("a", "{ containers: [{ name: x }] }", "{ app: web, version: v1 }"))));

        static PodSpec Spec(string labels) => new(new("default", "a"), Yaml.Pod("a", labels: labels));
    }
}
