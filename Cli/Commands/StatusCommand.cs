using System.CommandLine;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh status: this node's gateway and agent, the clusters, and what is wrong with what was written.</summary>
internal static class StatusCommand
{
    private const int FirstProblems = 20;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    public static Command Create(QueryOptions query, Screen screen)
    {
        var problems = new Option<string>("--problems")
        {
            Description = $"Print all problems, not only the first {FirstProblems}.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "all",
        }.AcceptOnlyFromAmong("all");
        var wait = new Option<bool>("--wait") { Description = "Wait until everything is ready; 1 when it is not in time." };
        var duration = new Option<string>("--wait-duration") { Description = "How long to wait at most.", DefaultValueFactory = _ => "15m", HelpName = "TIME" };
        duration.Validators.Add(result =>
        {
            if (Duration.Parse(result.GetValueOrDefault<string>()) is null) result.AddError("--wait-duration: a time like 30s or 15m is needed");
        });
        var command = new Command("status", "This node's gateway and agent, the clusters, and what is wrong with what was written.") { query.Output, problems, wait, duration };
        command.SetAction(async (parsed, cancel) =>
        {
            var (gatewayIsMeant, agentIsMeant) = (IsMeant(parsed, query.Admin, Admin.AdminPort.Gateway), IsMeant(parsed, query.Agent, Admin.AdminPort.Agent));
            Task<StatusQuery> AskAsync() => StatusQuery.AskAsync(parsed.GetRequiredValue(query.Admin), gatewayIsMeant, parsed.GetRequiredValue(query.Agent), agentIsMeant, cancel);
            var status = parsed.GetValue(wait) ? await WaitAsync(AskAsync, Duration.Parse(parsed.GetRequiredValue(duration))!.Value, cancel) : await AskAsync();
            foreach (var error in status.Errors) screen.Error(error);
            if (status.Gateway is null && status.Agent is null) return ExitCode.Failed;
            var limit = parsed.GetResult(problems) is null ? FirstProblems : int.MaxValue;
            var ready = status.Missing.Count == 0 || !parsed.GetValue(wait);
            return query.Print(parsed, screen, new(status.Json(), to => StatusView.Print(to, status, limit), ready && status.Errors.Count == 0 ? ExitCode.Ok : ExitCode.Failed));
        });
        return command;
    }

    // An option that only has its default says nothing about whether there should be one.
    private static bool IsMeant(ParseResult parsed, Option<Uri> option, Admin.AdminPort port) =>
        parsed.GetResult(option) is { Implicit: false } || Environment.GetEnvironmentVariable(port.Variable) is { Length: > 0 };

    private static async Task<StatusQuery> WaitAsync(Func<Task<StatusQuery>> ask, TimeSpan duration, CancellationToken cancel)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var status = await ask();
            if ((status.Missing.Count == 0 && (status.Gateway ?? (object?)status.Agent) is not null) || TimeProvider.System.GetElapsedTime(begun) > duration) return status;
            await Task.Delay(s_pause, TimeProvider.System, cancel);
        }
    }
}
