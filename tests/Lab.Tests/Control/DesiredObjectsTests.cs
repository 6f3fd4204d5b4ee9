using System.Net;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Lab.Tests.Control;

public sealed class DesiredObjectsTests
{
    private static readonly ClusterPlan s_plan = new("west", 1, 1, IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("10.96.0.0/16"), []);

    [Fact]
    public void Objects_Published_AreThoseOfAnApi()
    {
        var desired = DesiredObjects.Of(s_plan).With(Yaml.Objects("""
            { apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { team: a } } }
            ---
            { apiVersion: v1, kind: Service, metadata: { name: web, namespace: shop }, spec: { selector: { app: web }, ports: [{ port: 80 }] } }
            ---
            { apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop, labels: { app: web } }, spec: { containers: [] } }
            ---
            { apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny, namespace: shop }, spec: { podSelector: {} } }
            ---
            { apiVersion: apps/v1, kind: Deployment, metadata: { name: none }, spec: { replicas: 0, template: { spec: {} } } }
            """));
        var published = desired.Published([new(Assert.Single(desired.Pods), "west-node-1", "10.1.1.11", Ready: true, Terminating: false)]).ToDictionary(theObject => $"{ObjectId.Of(theObject)}");
        Assert.Equal(["EndpointSlice shop/web-1", "Namespace default", "Namespace shop", "NetworkPolicy shop/deny", "Node west-node-1", "Pod shop/web", "Service shop/web"], published.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("10.1.1.11", published["Pod shop/web"].Text("status", "podIP"));
        Assert.Equal("west-node-1", published["Pod shop/web"].Text("spec", "nodeName"));
        Assert.Equal("10.96.0.10", published["Service shop/web"].Text("spec", "clusterIP"));
        Assert.Equal(("a", "shop"), (published["Namespace shop"].Text("metadata", "labels", "team"), published["Namespace shop"].Text("metadata", "labels", "kubernetes.io/metadata.name")));
        Assert.Equal("10.1.1.0/24", published["Node west-node-1"].Text("spec", "podCIDR"));
    }

    [Fact]
    public void Objects_WrittenAgain_TakeThePlaceOfTheOld()
    {
        var desired = DesiredObjects.Of(s_plan).With([Yaml.Service("a", "{ ports: [{ port: 80 }] }"), Yaml.Service("b", "{ ports: [{ port: 80 }] }")]).With([Yaml.Service("a", "{ ports: [{ port: 81 }] }")]);
        Assert.Equal([81, 80], desired.Written.Select(theObject => theObject.Items("spec", "ports").Single().Number("port")));
        Assert.Equal(["Service default/b"], desired.Without(ObjectId.Of(desired.Written[0])).Written.Select(theObject => $"{ObjectId.Of(theObject)}"));
    }

    [Fact]
    public void Node_InManifests_IsRefused()
    {
        var error = Assert.Throws<LabException>(() => DesiredObjects.Of(s_plan).With(Yaml.Objects("{ apiVersion: v1, kind: Node, metadata: { name: mine } }")));
        Assert.Equal("Node mine: the nodes of a lab are those of its topology", error.Message);
    }

    [Fact]
    public void WhatNobodyPlays_IsSaidOnceWithItsNumber() => Assert.Equal(
        ["ConfigMap (2)", "Job (1)", "Pod spec.containers.readinessProbe (1)", "Pod spec.hostNetwork (2)"],
        NotPlayed.In(
        [
            .. Yaml.Objects("{ apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n---\n{ apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n---\n{ apiVersion: batch/v1, kind: Job, metadata: { name: c } }"),
            Yaml.Pod("p", "{ hostNetwork: true, containers: [{ name: x, image: y, readinessProbe: {} }] }"), Yaml.Pod("q", "{ hostNetwork: true }"),
        ]));
}
