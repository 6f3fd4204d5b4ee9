using System.CommandLine;
using System.Text.Json;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh observe: what the data path and the proxy of this node pass and drop, a line each.</summary>
internal static class ObserveCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var filters = new ObserveFilters();
        var output = new Option<string>("--output", "-o") { Description = "How to print: compact, or json, one object a line.", DefaultValueFactory = _ => "compact" }.AcceptOnlyFromAmong("compact", "json");
        var command = new Command("observe", "Flows of this node: new connections, ends, drops, requests. Values of one filter are alternatives, filters add up.") { output };
        foreach (var option in filters.All) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            using var agent = new AdminClient(AdminPort.Agent, parsed.GetRequiredValue(query.Agent));
            try
            {
                await agent.FlowsAsync(filters.Query(parsed, TimeProvider.System.GetUtcNow()), line => Print(screen, line, parsed.GetValue(output) == "json"), cancel);
                return ExitCode.Ok;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return ExitCode.Ok;
            }
            catch (AdminException error)
            {
                screen.Error(error.Message);
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static void Print(Screen screen, string line, bool asJson)
    {
        if (asJson)
        {
            screen.Verbatim(line);
            return;
        }

        try
        {
            var flow = JsonSerializer.Deserialize(line, StatusJson.Default.FlowStatus) ?? throw new JsonException("it is null");
            screen.Verbatim(FlowLineView.Text(flow));
        }
        catch (JsonException error)
        {
            throw new AdminException($"the agent does not answer with flows ({error.Message})", error);
        }
    }
}
