using System.CommandLine;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>The command line of a program that is all settings: flags, file and environment in, checked settings out.</summary>
public static class FlagCommand
{
    /// <param name="run">Gets what was set; gives the exit code.</param>
    public static Task<int> InvokeAsync(string description, FlagTable table, string[] args, Func<FlagReader, Task<int>> run)
    {
        var root = new RootCommand(description);
        var options = table.All.ToDictionary(flag => flag, flag => new Option<string[]>("--" + flag.Name)
        {
            Description = $"{flag.Text} (environment: {table.Variable(flag)})",
            HelpName = flag.Placeholder,
            AllowMultipleArgumentsPerToken = false,
            Arity = ArgumentArity.OneOrMore,
        });
        foreach (var option in options.Values) root.Options.Add(option);
        root.SetAction((line, _) => run(new(FlagValues.Read(table, flag => line.GetValue(options[flag]) ?? [], Environment.GetEnvironmentVariables()))));
        return root.Parse(args).InvokeAsync();
    }
}
