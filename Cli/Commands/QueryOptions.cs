using System.CommandLine;
using System.CommandLine.Parsing;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>What every question takes: where the admin port is, and how to print the answer.</summary>
internal sealed class QueryOptions
{
    public Option<Uri> Admin { get; } = AddressOf(AdminPort.Gateway);

    public Option<Uri> Agent { get; } = AddressOf(AdminPort.Agent);

    public Option<string> Output { get; } = new Option<string>("--output", "-o")
    {
        Description = "How to print: table, or json as it was answered.",
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong("table", "json");

    /// <summary>Asks the gateway and prints either its JSON or the view; one that cannot be asked is one line on stderr.</summary>
    public Task<int> AskAsync(ParseResult parsed, Screen screen, Func<AdminClient, Task<QueryAnswer>> ask) => AskAsync(parsed, screen, AdminPort.Gateway, Admin, ask);

    /// <summary>Asks the agent.</summary>
    public Task<int> AskAgentAsync(ParseResult parsed, Screen screen, Func<AdminClient, Task<QueryAnswer>> ask) => AskAsync(parsed, screen, AdminPort.Agent, Agent, ask);

    /// <summary>Prints an answer in the form that was asked for.</summary>
    public int Print(ParseResult parsed, Screen screen, QueryAnswer answer)
    {
        if (parsed.GetValue(Output) == "json")
            screen.Json(answer.Json);
        else
            answer.Print(screen);
        return answer.ExitCode;
    }

    private async Task<int> AskAsync(ParseResult parsed, Screen screen, AdminPort port, Option<Uri> address, Func<AdminClient, Task<QueryAnswer>> ask)
    {
        using var client = new AdminClient(port, parsed.GetRequiredValue(address));
        try
        {
            return Print(parsed, screen, await ask(client));
        }
        catch (AdminException error)
        {
            screen.Error(error.Message);
            return ExitCode.Failed;
        }
    }

    private static Option<Uri> AddressOf(AdminPort port) => new(port.Option)
    {
        Description = $"The {port.Who}'s admin port, or unix:/PATH of its socket (default ${port.Variable}, else {port.Default}).",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => Parse(port, result),
        DefaultValueFactory = result => Parse(port, result)!,
    };

    private static Uri? Parse(AdminPort port, ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : port.FromEnvironment();
        if (AdminPort.TryParse(text, out var address))
            return address;
        result.AddError($"{port.Option}: '{text}' is not an address such as {port.Default}");
        return null;
    }
}
