using System.CommandLine;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh ca init DIR: the CA of a cluster.</summary>
internal static class CaInitCommand
{
    private const int TenYears = 3650;

    public static Command Create(Screen screen)
    {
        var home = HomeArgument.Of("DIR", "The cluster's directory; it is made when it is not there.");
        var name = new Option<string?>("--name") { Description = "The CA's common name (default \"DIR mesh CA\").", HelpName = "TEXT" };
        var days = DaysOption.Of(TenYears);
        var force = new Option<bool>("--force") { Description = "Replace a CA that is there; all it signed must be issued anew." };
        var command = new Command("init", "Make a certificate authority: DIR/ca.crt, and DIR/ca.key, which only the owner may read.") { home, name, days, force };
        command.SetAction((parsed, _) => BootstrapAction.RunAsync(screen, () =>
        {
            var directory = parsed.GetRequiredValue(home);
            using var authority = HomeAuthority.Create(
                directory, parsed.GetValue(name), TimeSpan.FromDays(parsed.GetRequiredValue(days)), parsed.GetValue(force), TimeProvider.System);
            screen.Line($"{directory.CaCertificate} issued: CN {authority.Name}, until {authority.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        }));
        return command;
    }
}
