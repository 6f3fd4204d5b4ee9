using System.CommandLine;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh status: the gateway, its clusters, and what is wrong with what was written.</summary>
internal static class StatusCommand
{
    private const int FirstProblems = 20;

    public static Command Create(QueryOptions query, Screen screen)
    {
        var problems = new Option<string>("--problems")
        {
            Description = $"Print all problems, not only the first {FirstProblems}.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "all",
        }.AcceptOnlyFromAmong("all");
        var command = new Command("status", "The gateway, its clusters, and what is wrong with what was written.") { query.Output, problems };
        command.SetAction((parsed, cancel) => query.AskAsync(parsed, screen, async gateway =>
        {
            var reply = await gateway.StateAsync(cancel);
            var limit = parsed.GetResult(problems) is null ? FirstProblems : int.MaxValue;
            return new(JsonPart.Pick(reply.Json, "gateway", "clusters", "certificates", "problems"),
                to => StatusView.Print(to, reply.Value, limit));
        }));
        return command;
    }
}
