using System.CommandLine;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh route list: one line per route, with its split.</summary>
internal static class RouteListCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var command = new Command("list", "Every route: what it matches and how its requests are split.") { query.Output };
        command.SetAction((parsed, cancel) => query.AskAsync(parsed, screen, async gateway =>
        {
            var reply = await gateway.StateAsync(cancel);
            return new(reply.Json["routes"], to => RouteListView.Print(to, reply.Value.Routes));
        }));
        return command;
    }
}
