using System.CommandLine;
using System.Globalization;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh bpf: what is in the kernel of this node, as it is there.</summary>
internal static class BpfCommand
{
    public static Command Create(QueryOptions query, Screen screen) => new("bpf", "What is in this node's kernel.")
    {
        new Command("lb", "Load balancing.")
        {
            AgentListCommand.Create(query, screen, "Frontends, their backends in all clusters, and who gets how much.", (agent, cancel) => agent.FrontendsAsync(cancel), FrontendListView.Print),
        },
        new Command("tunnel", "The way to the pods of other nodes.")
        {
            AgentListCommand.Create(query, screen, "Ranges of pod addresses, their nodes, and how packets go there.", (agent, cancel) => agent.TunnelsAsync(cancel), TunnelListView.Print),
        },
        new Command("ipcache", "Who an address is.")
        {
            AgentListCommand.Create(query, screen, "Addresses and their identities.", (agent, cancel) => agent.IpcacheAsync(cancel), IpcacheListView.Print),
        },
        new Command("policy", "What an endpoint may.") { PolicyGet(query, screen) },
    };

    private static Command PolicyGet(QueryOptions query, Screen screen)
    {
        var endpoint = new Argument<string>("ENDPOINT") { Description = "Its number, as endpoint list shows it, or NS/POD." };
        endpoint.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && Number(text) is null && PodArgument.Split(text) is null)
                result.AddError($"'{text}' is neither the number of an endpoint nor NAMESPACE/POD");
        });
        var command = new Command("get", "The policy map of an endpoint: who may reach it, and whom it may reach.") { endpoint, query.Output };
        command.SetAction((parsed, cancel) => query.AskAgentAsync(parsed, screen, async agent =>
        {
            var reply = await agent.PolicyAsync(await NumberAsync(agent, parsed.GetRequiredValue(endpoint), cancel), cancel);
            return new(reply.Json, to => PolicyMapView.Print(to, reply.Value));
        }));
        return command;
    }

    private static async Task<int> NumberAsync(AdminClient agent, string text, CancellationToken cancel)
    {
        if (Number(text) is { } number) return number;
        var (space, pod) = PodArgument.Split(text)!.Value;
        var endpoints = await agent.EndpointsAsync(cancel);
        return endpoints.Value.FirstOrDefault(endpoint => endpoint.Namespace == space && endpoint.Pod == pod)?.Id
            ?? throw new AdminException($"{space}/{pod} is not an endpoint of this node: endpoint list shows those that are");
    }

    private static int? Number(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
