using System.CommandLine;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh lab apply, delete, link and agent: what changes a lab that is up.</summary>
internal static class LabChangeCommands
{
    public static Command Apply(Option<string> name, Screen screen)
    {
        var file = new Option<string>("--filename", "-f") { Description = "The manifest; - is standard input.", HelpName = "FILE", Required = true };
        var cluster = Cluster();
        var command = new Command("apply", "Make objects in a cluster, or change them; done when their pods are ready.") { file, cluster };
        return Asking(command, name, screen, parsed => new("apply", parsed.GetRequiredValue(cluster), Value: Read(parsed.GetRequiredValue(file))));
    }

    public static Command Delete(Option<string> name, Screen screen)
    {
        var kind = new Argument<string>("KIND") { Description = "Such as pod or service. A Deployment's pod is made anew." };
        var key = new Argument<string>("OBJECT") { Description = "NAMESPACE/NAME, or a name in default." };
        var cluster = Cluster();
        var command = new Command("delete", "Delete an object of a cluster; its pods end in good order.") { kind, key, cluster };
        return Asking(command, name, screen, parsed => new("delete", parsed.GetRequiredValue(cluster), parsed.GetRequiredValue(key), parsed.GetRequiredValue(kind)));
    }

    public static Command Link(Option<string> name, Screen screen)
    {
        var verb = new Argument<string>("WHAT") { Description = "cut, heal, delay or loss." }.AcceptOnlyFromAmong("cut", "heal", "delay", "loss");
        var target = new Argument<string>("TARGET") { Description = "A cluster (its link to the others), a node, or outside." };
        var value = new Argument<string?>("VALUE") { Description = "How long (20ms), or which share (1%); of packets to TARGET.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("link", "Cut a cluster or a node off, make the way to it long or lossy, or heal it.") { verb, target, value };
        return Asking(command, name, screen, parsed => new(parsed.GetRequiredValue(verb), Target: parsed.GetRequiredValue(target), Value: parsed.GetValue(value)));
    }

    public static Command Agent(Option<string> name, Screen screen) => Process("agent", "Kill the agent of a node, or start it again.", "", name, screen);

    public static Command Proxy(Option<string> name, Screen screen) =>
        Process("proxy", "Kill the proxy of a node, or start one: where one runs it takes over, and the other finishes what it has.", LabVerbs.Proxy, name, screen);

    private static Command Process(string program, string description, string prefix, Option<string> name, Screen screen)
    {
        var verb = new Argument<string>("WHAT") { Description = "kill or start." }.AcceptOnlyFromAmong("kill", "start");
        var node = new Argument<string>("NODE");
        var command = new Command(program, description) { verb, node };
        return Asking(command, name, screen, parsed => new(parsed.GetRequiredValue(verb), Target: prefix + parsed.GetRequiredValue(node)));
    }

    private static Command Asking(Command command, Option<string> name, Screen screen, Func<ParseResult, LabRequest> request)
    {
        command.SetAction((parsed, cancel) => LabAction.RunAsync(screen, async () =>
        {
            foreach (var line in await LabClient.AskAsync(new(parsed.GetRequiredValue(name)), request(parsed), cancel)) screen.Line(line);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Option<string> Cluster() => new("--cluster") { Description = "In which cluster.", HelpName = "NAME", Required = true };

    private static string Read(string file)
    {
        try
        {
            return file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException(error.Message, error);
        }
    }
}
