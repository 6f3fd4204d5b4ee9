using System.CommandLine;
using System.CommandLine.Parsing;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh explain METHOD URL: what would be decided for a request; none is sent.</summary>
internal static class ExplainCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var method = new Argument<string>("METHOD") { Description = "GET, POST, ..." };
        var url = new Argument<string>("URL") { Description = "As a client would ask: http://rebel-base.example/path (http:// may be left out)." };
        var headers = new Option<string[]>("--header", "-H") { Description = "A request header, name:value; may be repeated.", HelpName = "name:value" };
        url.Validators.Add(result => Check(result, ExplainInput.UrlError));
        method.Validators.Add(result => Check(result, ExplainInput.MethodError));
        headers.Validators.Add(result => Check(result, ExplainInput.HeaderError));
        var command = new Command("explain", "Why a request would go where it goes; nothing is sent. Ends with 1 when it would be refused.")
        {
            method, url, headers, query.Output,
        };
        command.SetAction((parsed, cancel) => query.AskAsync(parsed, screen, async gateway =>
        {
            var request = new ExplainRequest(
                parsed.GetRequiredValue(method).ToUpperInvariant(),
                ExplainInput.Url(parsed.GetRequiredValue(url)),
                [.. (parsed.GetValue(headers) ?? []).Select(ExplainInput.Header)]);
            var reply = await gateway.ExplainAsync(request, cancel);
            return new(reply.Json, to => ExplanationView.Print(to, reply.Value), reply.Value.Outcome == "reject" ? ExitCode.Failed : ExitCode.Ok);
        }));
        return command;
    }

    private static void Check(SymbolResult result, Func<string, string?> errorOf)
    {
        foreach (var error in result.Tokens.Select(token => errorOf(token.Value)).OfType<string>())
            result.AddError(error);
    }
}
