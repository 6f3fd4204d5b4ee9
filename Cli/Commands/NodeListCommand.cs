using System.CommandLine;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh node list: the nodes of all clusters, as the agent knows them.</summary>
internal static class NodeListCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var command = new Command("list", "The nodes of every cluster, their addresses and pod networks.") { query.Output };
        command.SetAction((parsed, cancel) => query.AskAgentAsync(parsed, screen, async agent =>
        {
            var reply = await agent.NodesAsync(cancel);
            return new(reply.Json, to => NodeListView.Print(to, reply.Value));
        }));
        return command;
    }
}
