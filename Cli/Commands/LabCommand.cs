using System.CommandLine;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Nodes;
using ClusterMesh.Cli.Lab.Topology;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh lab: whole clusters on this machine.</summary>
internal static class LabCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var name = new Option<string>("--name") { Description = "Which lab, where there are several.", HelpName = "NAME", DefaultValueFactory = _ => LabOptions.DefaultName, Recursive = true };
        return new Command("lab", "Whole clusters on this machine: nodes and pods in network namespaces, each node with its agent (root).")
        {
            name,
            LabUpCommand.Create(name, screen), Down(name, screen), LabStatusCommand.Create(name, query, screen), LabExecCommand.Create(name, screen), LabRunCommand.Create(name, screen),
            LabChangeCommands.Apply(name, screen), LabChangeCommands.Delete(name, screen), LabChangeCommands.Link(name, screen), LabChangeCommands.Agent(name, screen), LabChangeCommands.Proxy(name, screen),
            Supervise(name, screen), Found(screen),
        };
    }

    private static Command Down(Option<string> name, Screen screen)
    {
        var command = new Command("down", "End a lab and remove all of it, also what is left of one that was killed.");
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, async () =>
        {
            var paths = new LabPaths(parsed.GetRequiredValue(name));
            screen.Line(await LabEnd.DownAsync(paths, TimeProvider.System, cancel) ? $"lab {paths.Name} is gone" : $"there is no lab {paths.Name}");
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>What `lab up` starts and leaves.</summary>
    private static Command Supervise(Option<string> name, Screen screen)
    {
        var (file, bin) = (new Argument<string>("FILE"), new Option<string?>("--bin"));
        var command = new Command("supervise") { file, bin };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, async () =>
        {
            var options = new LabOptions(parsed.GetRequiredValue(name), LabPrograms.Find(parsed.GetValue(bin)), text => screen.Line(text), Supervised: true);
            await Supervisor.RunAsync(TopologyReader.Read(parsed.GetRequiredValue(file)), options, Console.In, Console.Out, cancel);
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>What a lab runs in a place from which all etcds are reached.</summary>
    private static Command Found(Screen screen)
    {
        var homes = new Argument<string[]>("DIR");
        var command = new Command("found") { homes };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, async () =>
        {
            await Founding.RunAsync([.. parsed.GetRequiredValue(homes).Select(home => new Bootstrap.ClusterHome(home))], TimeProvider.System, cancel);
            return ExitCode.Ok;
        }));
        return command;
    }
}
