using System.CommandLine;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh identity list: the identities of all clusters, as the agent knows them.</summary>
internal static class IdentityListCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var command = new Command("list", "The identities of every cluster, and the labels that they stand for.") { query.Output };
        command.SetAction((parsed, cancel) => query.AskAgentAsync(parsed, screen, async agent =>
        {
            var reply = await agent.IdentitiesAsync(cancel);
            return new(reply.Json, to => IdentityListView.Print(to, reply.Value));
        }));
        return command;
    }
}
