using System.CommandLine;

namespace ClusterMesh.Cli.Commands;

/// <summary>--days: how long a certificate is good.</summary>
internal static class DaysOption
{
    private const int Most = 36500;

    public static Option<int> Of(int days)
    {
        var option = new Option<int>("--days") { Description = "How long it is good.", HelpName = "N", DefaultValueFactory = _ => days };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0) return;
            if (!int.TryParse(result.Tokens[0].Value, out var given) || given is < 1 or > Most)
                result.AddError($"--days: '{result.Tokens[0].Value}' is not a number of days from 1 to {Most}");
        });
        return option;
    }
}
