using System.CommandLine;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh lab run NS/NAME --cluster C [-- CMD]: a new pod, as `kubectl run` makes one.</summary>
internal static class LabRunCommand
{
    public static Command Create(Option<string> name, Screen screen)
    {
        var pod = new Argument<string>("POD") { Description = "NAMESPACE/NAME, or a name in default." };
        var line = new Argument<string[]>("COMMAND") { Description = "What to run in it, after --; the pod ends with it. Without: an echo on --port, and the pod stays.", Arity = ArgumentArity.ZeroOrMore };
        var cluster = new Option<string>("--cluster") { Description = "In which cluster.", HelpName = "NAME", Required = true };
        var labels = new Option<string?>("--labels", "-l") { Description = "Its labels (default: run=NAME).", HelpName = "A=B,..." };
        var node = new Option<string?>("--node") { Description = "On which node.", HelpName = "NAME" };
        var port = new Option<int?>("--port") { Description = "Where its echo listens (default 8080).", HelpName = "N" };
        var command = new Command("run", "Start a pod: with a command it shows what that says, and both end together; without one it is an echo and stays.") { pod, line, cluster, labels, node, port };
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, async () =>
        {
            var paths = new LabPaths(parsed.GetRequiredValue(name));
            var (to, program) = (parsed.GetRequiredValue(cluster), parsed.GetValue(line) ?? []);
            var key = parsed.GetRequiredValue(pod).Split('/') is [var space, var called] ? new ObjectKey(space, called) : new ObjectKey("default", parsed.GetRequiredValue(pod));
            var manifest = Manifest(key, Labels(parsed.GetValue(labels), key.Name), parsed.GetValue(node), parsed.GetValue(port), program);
            if (LabExecCommand.Standing(paths).Pods.Any(there => there.Cluster == to && there.Namespace == key.Namespace && there.Name == key.Name)) throw new LabException($"pod {to}/{key} is there already");
            await LabClient.AskAsync(paths, new("apply", to, Value: manifest.ToJsonString()), cancel);
            if (program.Length == 0)
            {
                screen.Line($"pod {to}/{key} is ready");
                return ExitCode.Ok;
            }

            try
            {
                return await LabExecCommand.RunAsync(LabExecCommand.Standing(paths), $"{to}/{key}", program, cancel);
            }
            finally
            {
                await LabClient.AskAsync(paths, new("delete", to, $"{key}", "pod"), CancellationToken.None);
            }
        }));
        return command;
    }

    /// <summary>With a command of ours the pod has no program of its own: it is run here, with this terminal.</summary>
    private static JsonObject Manifest(ObjectKey key, JsonObject labels, string? node, int? port, string[] program)
    {
        var spec = new JsonObject { ["containers"] = program.Length > 0 ? [] : new JsonArray(new JsonObject { ["name"] = key.Name, ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = port ?? 8080 }) }) };
        if (node is not null) spec["nodeName"] = node;
        return new() { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace, ["labels"] = labels }, ["spec"] = spec };
    }

    private static JsonObject Labels(string? text, string name)
    {
        var labels = new JsonObject();
        foreach (var pair in (text ?? $"run={name}").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=') is not [{ Length: > 0 } key, var value]) throw new LabException($"--labels: '{pair}' is not KEY=VALUE");
            labels[key] = value;
        }

        return labels;
    }
}
