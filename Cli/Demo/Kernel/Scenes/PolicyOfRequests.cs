using System.Text.Json;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class PolicyOfRequests : KernelScene
{
    private const int Requests = 40;

    private const string Name = "x-wing-reads-plans";

    private const string Policy = $$"""
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: { name: {{Name}}, namespace: default }
        spec:
          endpointSelector: { matchLabels: { name: rebel-base } }
          ingress:
            - fromEndpoints: [{ matchLabels: { name: x-wing, io.cilium.k8s.policy.cluster: cluster-1 } }]
              toPorts: [{ ports: [{ port: "8080", protocol: TCP }], rules: { http: [{ method: GET, path: "/plans/.*" }] } }]
        """;

    private static readonly string[] Clusters = [LabStage.OneName, LabStage.TwoName];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromSeconds(6);

    public override string What => "a policy about requests";

    public override string Why => "CiliumNetworkPolicy with HTTP rules in both clusters: the proxy of each backend's node asks them, and refuses with the words of Cilium";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        try
        {
            foreach (var cluster in Clusters) await stage.Lab.ApplyAsync(cluster, Policy, cancel);
            // In force in both clusters: nobody who is asked lets it pass.
            await UntilAsync(stage, 403, cancel);
            var (allowed, denied) = (await AskAsync(stage, "/plans/death-star"), await AskAsync(stage, "/weapons"));
            IReadOnlyCollection<string> rules = [];
            await Condition.WaitAsync(async () => (rules = await RulesAsync(stage, cancel)).Count > 0, Limit, stage.Time, cancel);
            return Judge(allowed, denied, rules);
        }
        finally
        {
            foreach (var cluster in Clusters) await stage.Lab.DeleteAsync(cluster, "CiliumNetworkPolicy", $"default/{Name}", cancel: CancellationToken.None);
            // The next row is not to meet it.
            await UntilAsync(stage, 200, cancel);
        }
    }

    /// <param name="rules">Those that flows name for requests that were refused.</param>
    public static IReadOnlyList<Check> Judge(IReadOnlyList<LabAnswer> allowed, IReadOnlyList<LabAnswer> denied, IReadOnlyCollection<string> rules)
    {
        var from = string.Join(" and ", allowed.Select(answer => answer.Cluster).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        return
        [
            All("/plans/death-star: 200", allowed, answer => answer.Status == 200),
            new("by cluster-1 and cluster-2", $"by {from}", from == "cluster-1 and cluster-2"),
            All("/weapons: 403 Access denied", denied, answer => answer.Status == 403 && answer.Body.Trim() == "Access denied"),
            new($"flows name {Name}", rules.FirstOrDefault() ?? "no flow tells of it", rules.Count > 0 && rules.All(rule => rule.Contains($"/{Name}", StringComparison.Ordinal))),
        ];
    }

    private static Check All(string expected, IReadOnlyList<LabAnswer> answers, Func<LabAnswer, bool> which)
    {
        var stray = answers.FirstOrDefault(answer => !which(answer));
        var instead = stray is null ? "" : $", and {stray.Failure ?? $"{stray.Status} {stray.Body.Trim()}"}";
        return new(expected, FormattableString.Invariant($"{answers.Count(which)} of {answers.Count}{instead}"), stray is null && answers.Count > 0);
    }

    private static Task UntilAsync(LabStage stage, int status, CancellationToken cancel) =>
        Condition.WaitAsync(async () => (await AskAsync(stage, "/weapons")).All(answer => answer.Status == status), Patience, stage.Time, cancel);

    private static Task<LabAnswer[]> AskAsync(LabStage stage, string path) =>
        Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => stage.Lab.HttpAsync(LabStage.PathOf(LabStage.OneName), $"http://{stage.AddressOf(LabStage.Service)}{path}")));

    private static async Task<IReadOnlyCollection<string>> RulesAsync(LabStage stage, CancellationToken cancel)
    {
        var rules = new HashSet<string>();
        foreach (var node in stage.Lab.Clusters.SelectMany(cluster => cluster.Nodes))
        {
            await node.Api.FlowsAsync(
                $"?last=4095&type=l7&http-status=403&from-pod=default/{LabStage.Client}",
                line => rules.Add(JsonSerializer.Deserialize(line, StatusJson.Default.FlowStatus)?.L7?.PolicyRule ?? "no rule"), cancel);
        }

        return rules;
    }
}
