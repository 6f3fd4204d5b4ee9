using System.CommandLine;
using System.CommandLine.Parsing;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh explain [--from NS/POD] METHOD URL: what would be decided for a request; none is sent.</summary>
internal static class ExplainCommand
{
    public static Command Create(QueryOptions query, Screen screen)
    {
        var method = new Argument<string>("METHOD") { Description = "GET, POST, ..." };
        var url = new Argument<string>("URL") { Description = "As a client would ask: http://rebel-base.example/path (http:// may be left out)." };
        var headers = new Option<string[]>("--header", "-H") { Description = "A request header, name:value; may be repeated.", HelpName = "name:value" };
        var from = new Option<string?>("--from") { Description = "The pod that asks, of the node whose agent is asked; without it somebody outside asks the gateway.", HelpName = "NS/POD" };
        from.Validators.Add(result => Check(result, text => PodArgument.Split(text) is null ? $"--from '{text}' is not a pod: give POD or NAMESPACE/POD" : null));
        url.Validators.Add(result => Check(result, ExplainInput.UrlError));
        method.Validators.Add(result => Check(result, ExplainInput.MethodError));
        headers.Validators.Add(result => Check(result, ExplainInput.HeaderError));
        var command = new Command("explain", "Why a request would go where it goes; nothing is sent. Ends with 1 when it would be refused.")
        {
            method, url, from, headers, query.Output,
        };
        command.SetAction((parsed, cancel) =>
        {
            var pod = parsed.GetValue(from) is { } text ? PodArgument.Split(text) : null;
            return pod is null ? query.AskAsync(parsed, screen, AskAsync) : query.AskAgentAsync(parsed, screen, AskAsync);

            async Task<QueryAnswer> AskAsync(AdminClient asked)
            {
                var request = new ExplainRequest(
                    parsed.GetRequiredValue(method).ToUpperInvariant(),
                    ExplainInput.Url(parsed.GetRequiredValue(url)),
                    [.. (parsed.GetValue(headers) ?? []).Select(ExplainInput.Header)],
                    pod is { } who ? $"{who.Namespace}/{who.Pod}" : null);
                var reply = await asked.ExplainAsync(request, cancel);
                return new(reply.Json, to => ExplanationView.Print(to, reply.Value), reply.Value.Outcome is "reject" or "drop" ? ExitCode.Failed : ExitCode.Ok);
            }
        });
        return command;
    }

    private static void Check(SymbolResult result, Func<string, string?> errorOf)
    {
        foreach (var error in result.Tokens.Select(token => errorOf(token.Value)).OfType<string>())
            result.AddError(error);
    }
}
