using System.CommandLine;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Inspect;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh remote inspect NAME: why a remote cluster is not connected, step by step.</summary>
internal static class RemoteInspectCommand
{
    public const string Variable = "CLUSTERMESH_REMOTES";

    public static Command Create(QueryOptions query, Screen screen)
    {
        var name = new Argument<string>("NAME") { Description = "The remote cluster's name." };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && ClusterIdentity.NameError(token.Value) is { } error) result.AddError(error);
        });
        var config = new Option<string>("--config")
        {
            Description = $"Directory with a file per remote (default ${Variable}, else ./remotes).",
            HelpName = "DIR",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : "remotes",
        };
        var command = new Command("inspect", "Connect to a remote cluster's etcd as an agent does, and tell which step fails and how to mend it; nothing is changed there. Ends with 1 when a step fails.")
        {
            name, config, query.Output,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var inspection = await new RemoteInspection(TimeProvider.System).RunAsync(parsed.GetRequiredValue(config), parsed.GetRequiredValue(name), cancel);
            if (parsed.GetValue(query.Output) == "json")
                screen.Json(InspectionView.Json(inspection));
            else
                InspectionView.Print(screen, inspection);
            return inspection.Holds ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }
}
