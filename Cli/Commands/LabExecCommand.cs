using System.CommandLine;
using System.Diagnostics;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh lab exec WHERE -- CMD: a program in the network of a pod, of a node, or outside.</summary>
internal static class LabExecCommand
{
    public static Command Create(Option<string> name, Screen screen)
    {
        var where = new Argument<string>("WHERE") { Description = "NAMESPACE/POD, with CLUSTER/ before it where two have one of that name; node:NAME; or outside." };
        var line = new Argument<string[]>("COMMAND") { Description = "What to run, after --.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("exec", "Run a program in the network of a pod, of a node (node:NAME) or of a host outside of all clusters (outside).") { where, line };
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, () =>
        {
            var state = Standing(new(parsed.GetRequiredValue(name)));
            return RunAsync(state, parsed.GetRequiredValue(where), parsed.GetRequiredValue(line), cancel);
        }));
        return command;
    }

    /// <exception cref="LabException">It is not up.</exception>
    public static LabState Standing(LabPaths paths) =>
        LabState.ReadIfThere(paths) is { Holder.IsAlive: true } state ? state : throw new LabException($"lab {paths.Name} is not up; `clustermesh lab up --name {paths.Name}` starts it");

    /// <summary>With our own input and output; ends as it ends.</summary>
    public static async Task<int> RunAsync(LabState state, string where, string[] line, CancellationToken cancel)
    {
        var program = new NetworkNamespace(ExecTarget.Resolve(state, where)).Around(new(line[0], line[1..]));
        var start = new ProcessStartInfo(program.File, program.First);
        foreach (var (variable, value) in ExecEnvironment.Of(state, where)) start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            // A terminal's Ctrl-C went to it as well; anything else did not.
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }
}
