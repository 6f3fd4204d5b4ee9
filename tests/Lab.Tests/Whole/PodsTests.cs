using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Lab.Tests.Whole;

/// <summary>A whole lab with real agents: what pods, links and controllers do.</summary>
public sealed class PodsTests(TwoClusters clusters) : IClassFixture<TwoClusters>
{
    private const string Client = "west/default/x-wing";

    private RunningLab Lab => clusters.Lab;

    [KernelTheory]
    [InlineData("west/rebel-base-1", "west")]
    [InlineData("west/rebel-base-2", "west")]
    [InlineData("east/rebel-base-1", "east")]
    [InlineData("east/rebel-base-2", "east")]
    public async Task Pod_AskedByAPod_SaysWhoItIs(string pod, string cluster)
    {
        var answer = await Lab.HttpAsync(Client, $"http://{clusters.Address(pod)}:8080/");
        Assert.Equal((200, cluster, pod.Split('/')[1], "v1"), (answer.Status, answer.Cluster, answer.Pod, answer.Version));
        Assert.Equal($"{pod.Split('/')[1]} {cluster} v1\nhello", await Lab.UdpAsync(Client, clusters.Address(pod), 8080, "hello"u8.ToArray()));
    }

    [KernelFact]
    public async Task Port_ThatNobodyHas_RefusesAndSaysSo()
    {
        var answer = await Lab.HttpAsync(Client, $"http://{clusters.Address("east/rebel-base-1")}:9/");
        Assert.Equal((0, "Connection refused"), (answer.Status, answer.Failure));
    }

    [KernelFact]
    public async Task Pods_AreOverTheNodes_AndTheirSliceHasThem()
    {
        var slice = JsonNode.Parse(File.ReadAllText(Path.Combine(Lab.Cluster("west").Manifests, "endpointslice.default.rebel-base-1.json")));
        Assert.Equal(["west-node-1", "west-node-2"], slice.Items("endpoints").Select(endpoint => endpoint.Text("nodeName")));
        Assert.Equal([clusters.Address("west/rebel-base-1"), clusters.Address("west/rebel-base-2")], slice.Items("endpoints").Select(endpoint => endpoint.Items("addresses").Single().ToString()));
        Assert.All(slice.Items("endpoints"), endpoint => Assert.Equal("true", endpoint.Text("conditions", "ready")));
        Assert.Equal(0, (await Lab.ExecAsync("west/default/rebel-base-1", default, "ip", "link", "show", "eth0")).Code);
    }

    [KernelFact]
    public async Task Object_AppliedAndDeleted_ComesAndGoes()
    {
        await Lab.ApplyAsync("east", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: tie, namespace: empire }
            spec:
              replicas: 2
              template:
                metadata: { labels: { name: tie } }
                spec: { terminationGracePeriodSeconds: 5, containers: [{ name: tie, ports: [{ containerPort: 80 }] }] }
            """);
        var (first, second) = (clusters.Address("east/tie-1"), clusters.Pod("east/tie-2").Netns);
        await Eventually.TrueAsync(async () => (await Lab.HttpAsync(Client, $"http://{first}/")).Pod == "tie-1", "the other cluster reaches the new pod");

        // Somebody owns it: it is made anew, with another address.
        await Lab.DeleteAsync("east", "pod", "empire/tie-1");
        Assert.NotEqual(first, clusters.Address("east/tie-1"));
        await Eventually.TrueAsync(async () => (await Lab.HttpAsync(Client, $"http://{clusters.Address("east/tie-1")}/")).Pod == "tie-1", "the other cluster reaches the pod made anew");

        await Lab.DeleteAsync("east", "deployment", "empire/tie", force: true);
        Assert.DoesNotContain(Lab.State.Pods, pod => pod.Namespace == "empire");
        Assert.False(File.Exists(new NetworkNamespace(second).Path));
        Assert.Empty(Directory.GetFiles(Lab.Cluster("east").Manifests, "pod.empire.*"));
    }

    [KernelFact]
    public async Task Object_ThatCannotBe_ChangesNothing()
    {
        var before = Lab.State.Pods;
        var error = await Assert.ThrowsAsync<LabException>(() => Lab.ApplyAsync("west", """
            { apiVersion: v1, kind: Pod, metadata: { name: good }, spec: { containers: [] } }
            ---
            { apiVersion: v1, kind: Pod, metadata: { name: bad }, spec: { nodeName: nowhere, containers: [] } }
            """));
        Assert.Equal("Pod default/bad: node nowhere is not there; there are west-node-1, west-node-2", error.Message);
        Assert.Equal(before, Lab.State.Pods);
        await Assert.ThrowsAsync<LabException>(() => Lab.DeleteAsync("west", "pod", "default/nobody"));
    }

    [KernelFact]
    public async Task Labels_OfARunningPod_Change_AndItRunsOn()
    {
        await Lab.ApplyAsync("west", "{ apiVersion: v1, kind: Pod, metadata: { name: labelled, labels: { a: b } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: x, command: [sleep, infinity] }] } }");
        var before = clusters.Pod("west/labelled");
        var pids = await Lab.ExecAsync("west/default/labelled", default, "ip", "netns", "pids", before.Netns);
        await Lab.ApplyAsync("west", "{ apiVersion: v1, kind: Pod, metadata: { name: labelled, labels: { a: c } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: x, command: [sleep, infinity] }] } }");
        Assert.Equal(before, clusters.Pod("west/labelled"));
        Assert.Equal("c", JsonNode.Parse(File.ReadAllText(Path.Combine(Lab.Cluster("west").Manifests, "pod.default.labelled.json"))).Text("metadata", "labels", "a"));
        Assert.Contains(pids.Output.Split('\n')[0], (await Lab.ExecAsync("west/default/labelled", default, "ip", "netns", "pids", before.Netns)).Output);
        await Lab.DeleteAsync("west", "pod", "default/labelled");
    }

    [KernelFact]
    public async Task Program_ThatEnds_IsSaidAndLeavesTheSlice()
    {
        await Lab.ApplyAsync("west", """
            { apiVersion: v1, kind: Service, metadata: { name: brief }, spec: { selector: { name: brief }, ports: [{ port: 80 }] } }
            ---
            { apiVersion: v1, kind: Pod, metadata: { name: brief, labels: { name: brief } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: x, command: [sh, -c, "echo I leave; exec sleep infinity"] }] } }
            """);
        Assert.Equal("ready", clusters.Pod("west/brief").State);
        var pids = (await Lab.ExecAsync("west/default/brief", default, "ip", "netns", "pids", clusters.Pod("west/brief").Netns)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Lab.ExecAsync("node:west-node-1", default, ["kill", "-9", .. pids]);
        await Eventually.TrueAsync(() => clusters.Pod("west/brief").State == "x of west/default/brief ended: I leave", "its end is said");
        await Eventually.TrueAsync(
            () => JsonNode.Parse(File.ReadAllText(Path.Combine(Lab.Cluster("west").Manifests, "endpointslice.default.brief-1.json"))).Items("endpoints").Single().Text("conditions", "ready") == "false",
            "it is not ready in its slice");
        await Lab.DeleteAsync("west", "pod", "default/brief", force: true);
        await Lab.DeleteAsync("west", "service", "default/brief");
    }

    [KernelFact]
    public async Task Agent_KilledAndStarted_LosesNothing()
    {
        Lab.KillAgent("east-node-1");
        var url = $"http://{clusters.Address("east/rebel-base-1")}:8080/";
        Assert.Equal("east-node-1", clusters.Pod("east/rebel-base-1").Node);
        Assert.Equal(200, (await Lab.HttpAsync(Client, url)).Status);
        await Lab.StartAgentAsync("east-node-1");
        Assert.Equal(200, (await Lab.HttpAsync(Client, url)).Status);
        Assert.Contains((await Lab.Node("east-node-1").Api.EndpointsAsync(default)).Value, endpoint => endpoint.Pod == "rebel-base-1");
    }

    [KernelFact]
    public async Task Host_OutsideOfAllClusters_AnswersNodes()
    {
        Assert.Equal("outside", (await Lab.HttpAsync("node:east-node-2", "http://172.31.0.1/")).Pod);
        Assert.Equal("outside", (await Lab.HttpAsync("node:west-node-1", "http://203.0.113.10/")).Pod);
    }
}
