using System.CommandLine;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh service list: one line per port of each service.</summary>
internal static class ServiceListCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var command = new Command("list", "Every service: mode, and where its requests go now; with --agent what that agent knows of them.") { query.Output };
        // A node without a gateway has an agent that knows them, too.
        command.SetAction((parsed, cancel) => parsed.GetResult(query.Agent) is { Implicit: false }
            ? query.AskAgentAsync(parsed, screen, agent => OfAgentAsync(agent, cancel))
            : query.AskAsync(parsed, screen, gateway => OfGatewayAsync(gateway, cancel)));
        return command;
    }

    private static async Task<QueryAnswer> OfGatewayAsync(AdminClient gateway, CancellationToken cancel)
    {
        var reply = await gateway.StateAsync(cancel);
        return new(reply.Json["services"], to => ServiceListView.Print(to, reply.Value.Services));
    }

    private static async Task<QueryAnswer> OfAgentAsync(AdminClient agent, CancellationToken cancel)
    {
        var reply = await agent.AgentStateAsync(cancel);
        return new(reply.Json["services"], to => AgentServiceListView.Print(to, reply.Value.Services));
    }
}
