using System.CommandLine;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh ... list: one page of the agent, as a table.</summary>
internal static class AgentListCommand
{
    public static Command Create<T>(QueryOptions query, Screen screen, string description, Func<AdminClient, CancellationToken, Task<AdminReply<T>>> ask, Action<Screen, T> print)
    {
        var command = new Command("list", description) { query.Output };
        command.SetAction((parsed, cancel) => query.AskAgentAsync(parsed, screen, async agent =>
        {
            var reply = await ask(agent, cancel);
            return new(reply.Json, to => print(to, reply.Value));
        }));
        return command;
    }
}
