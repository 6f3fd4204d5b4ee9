using System.CommandLine;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh policy trace: what the policies of this node say of a connection or a request.</summary>
internal static class PolicyTraceCommand
{
    private const string Ends = "NS/POD, an address, the number of an identity, or a reserved one such as world, host or ingress.";

    public static Command Create(QueryOptions query, Screen screen)
    {
        Option<string>[] options =
        [
            new("--from") { Description = $"Who asks: {Ends}", HelpName = "WHO", Required = true },
            new("--to") { Description = $"Who is asked (a pod, not a service): {Ends}", HelpName = "WHO", Required = true },
            new("--port") { Description = "The port that is asked, of TCP unless it says more: 80, 53/UDP.", HelpName = "PORT", Required = true },
            new("--method") { Description = "Of the request (default GET, if the request is asked about at all).", HelpName = "METHOD" },
            new("--path") { Description = "Of the request, with its query (default /).", HelpName = "PATH" },
            new("--host") { Description = "Of the request, as it is sent: with the port, if it is not 80.", HelpName = "HOST" },
        ];
        var headers = new Option<string[]>("--header") { Description = "Of the request: \"Name: value\".", HelpName = "HEADER", Arity = ArgumentArity.OneOrMore };
        var command = new Command("trace", "Whether policies let a connection or a request pass, and the rules that decide it.") { query.Output, headers };
        foreach (var option in options) command.Add(option);
        command.SetAction((parsed, cancel) => query.AskAgentAsync(parsed, screen, async agent =>
        {
            var one = options.Select(option => (option.Name, Value: parsed.GetValue(option))).Where(pair => pair.Value is not null);
            var all = one.Concat((parsed.GetValue(headers) ?? []).Select(value => (headers.Name, Value: (string?)value)));
            var reply = await agent.PolicyTraceAsync($"?{string.Join('&', all.Select(pair => $"{pair.Name[2..]}={Uri.EscapeDataString(pair.Value!)}"))}", cancel);
            return new(reply.Json, to => PolicyTraceView.Print(to, reply.Value));
        }));
        return command;
    }
}
