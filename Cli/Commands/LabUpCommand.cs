using System.CommandLine;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Nodes;
using ClusterMesh.Cli.Lab.Topology;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh lab up [FILE]: brings a lab up and leaves it standing.</summary>
internal static class LabUpCommand
{
    private const string Sample = "config/lab/topology.yaml";

    public static Command Create(Option<string> name, Screen screen)
    {
        var file = new Argument<string?>("FILE") { Description = $"Its topology (default: {Sample}, two clusters of two nodes).", Arity = ArgumentArity.ZeroOrOne };
        var bin = new Option<string?>("--bin") { Description = "Where clustermesh-agent is (default: beside this program, or in bin/ above it).", HelpName = "DIR" };
        var command = new Command("up", "Bring a lab up, and leave it standing until `lab down`.") { file, bin };
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, async () =>
        {
            var paths = new LabPaths(parsed.GetRequiredValue(name));
            var topology = Path.GetFullPath(parsed.GetValue(file) ?? Path.Combine(AppContext.BaseDirectory, Sample));
            // Here, so that what is wrong is said at once.
            TopologyReader.Read(topology);
            LabPrograms.Find(parsed.GetValue(bin));
            string[] where = parsed.GetValue(bin) is { } directory ? ["--bin", Path.GetFullPath(directory)] : [];
            await LabLaunch.UpAsync([topology, "--name", paths.Name, .. where], text => screen.Line(text), cancel);
            Tell(screen, paths, LabState.ReadIfThere(paths) ?? throw new LabException($"{paths.State} cannot be read"));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Tell(Screen screen, LabPaths paths, LabState state)
    {
        var lab = paths.Name == LabOptions.DefaultName ? "clustermesh lab" : $"clustermesh lab --name {paths.Name}";
        screen.Line();
        screen.Line($"The lab stays up until: {lab} down. Try:");
        screen.Verbatim($"  {lab} status");
        if (state.Pods.FirstOrDefault(pod => pod.Name.StartsWith("x-wing", StringComparison.Ordinal)) is { } client)
            screen.Verbatim($"  {lab} exec {client.Cluster}/{client.Namespace}/{client.Name} -- sh -c 'curl -s $REBEL_BASE_SERVICE_HOST'");
        if (state.Nodes is [var node, ..]) screen.Verbatim($"  clustermesh status --agent {node.Agent}");
        screen.Verbatim($"  {lab} link cut {state.Nodes[^1].Cluster}");
    }
}
