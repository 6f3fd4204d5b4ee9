using System.CommandLine;
using System.CommandLine.Parsing;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>What every question to a gateway takes: where its admin port is, and how to print the answer.</summary>
internal sealed class QueryOptions
{
    public Option<Uri> Admin { get; } = new("--admin")
    {
        Description = $"The gateway's admin port (default ${AdminAddress.Variable}, else {AdminAddress.Default}).",
        HelpName = "URL",
        Recursive = true,
        CustomParser = ParseAdmin,
        DefaultValueFactory = result => ParseAdmin(result)!,
    };

    public Option<string> Output { get; } = new Option<string>("--output", "-o")
    {
        Description = "How to print: table, or json as the gateway says it.",
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong("table", "json");

    /// <summary>Asks the gateway and prints either its JSON or the view; a gateway that cannot be asked is one line on stderr.</summary>
    public async Task<int> AskAsync(ParseResult parsed, Screen screen, Func<AdminClient, Task<QueryAnswer>> ask)
    {
        using var client = new AdminClient(parsed.GetRequiredValue(Admin));
        try
        {
            var answer = await ask(client);
            if (parsed.GetValue(Output) == "json")
                screen.Json(answer.Json);
            else
                answer.Print(screen);
            return answer.ExitCode;
        }
        catch (AdminException error)
        {
            screen.Error(error.Message);
            return ExitCode.Failed;
        }
    }

    private static Uri? ParseAdmin(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : AdminAddress.FromEnvironment();
        if (AdminAddress.TryParse(text, out var address))
            return address;
        result.AddError($"--admin: '{text}' is not an address such as {AdminAddress.Default}");
        return null;
    }
}
