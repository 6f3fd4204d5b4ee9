using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh lab status: nodes with their agents, and pods.</summary>
internal static class LabStatusCommand
{
    public static Command Create(Option<string> name, QueryOptions query, Screen screen)
    {
        var command = new Command("status", "The nodes of a lab with how to reach their agents, and its pods.") { query.Output };
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, async () =>
        {
            var state = LabExecCommand.Standing(new(parsed.GetRequiredValue(name)));
            var agents = await Task.WhenAll(state.Nodes.Select(node => AgentAsync(node, cancel)));
            return query.Print(parsed, screen, new(Json(state, agents), to => LabStatusView.Print(to, state, agents)));
        }));
        return command;
    }

    /// <returns>Its state, or why it has none.</returns>
    private static async Task<string> AgentAsync(LabNodeState node, CancellationToken cancel)
    {
        if (!AdminPort.TryParse(node.Agent, out var address)) return $"{node.Agent} is no address";
        using var api = new AdminClient(AdminPort.Agent, address);
        try
        {
            var agent = (await api.AgentStateAsync(cancel)).Value.Agent;
            return agent.Reason is null ? agent.State : $"{agent.State}: {agent.Reason}";
        }
        catch (AdminException error)
        {
            return error.Message;
        }
    }

    private static JsonNode Json(LabState state, string[] agents)
    {
        var json = JsonSerializer.SerializeToNode(state, LabJson.Default.LabState)!;
        foreach (var (at, node) in json["nodes"]!.AsArray().Index()) node!["agentState"] = agents[at];
        return json;
    }
}
