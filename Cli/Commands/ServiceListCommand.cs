using System.CommandLine;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh service list: one line per port of each service.</summary>
internal static class ServiceListCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var command = new Command("list", "Every service: mode, and where its requests go now.") { query.Output };
        command.SetAction((parsed, cancel) => query.AskAsync(parsed, screen, async gateway =>
        {
            var reply = await gateway.StateAsync(cancel);
            return new(reply.Json["services"], to => ServiceListView.Print(to, reply.Value.Services));
        }));
        return command;
    }
}
