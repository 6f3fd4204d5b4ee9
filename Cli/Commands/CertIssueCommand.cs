using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>clustermesh cert issue DIR NAME: a certificate by the cluster's CA, or its renewal.</summary>
internal static class CertIssueCommand
{
    public static Command Create(Screen screen)
    {
        var home = HomeArgument.Of("DIR", "The cluster's directory, with its CA.");
        var name = new Argument<string>("NAME") { Description = "Of the files: DIR/NAME.crt and DIR/NAME.key; the etcd server's are called etcd." };
        var commonName = new Option<string?>("--common-name") { Description = "Which etcd user a client with it is (default: as before, else NAME).", HelpName = "NAME" };
        var dnsNames = new Option<string[]>("--dns") { Description = "A DNS name of the server; repeat (default: as before).", HelpName = "NAME" };
        var addresses = new Option<IPAddress[]>("--ip") { Description = "An address of the server; repeat (default: as before).", HelpName = "ADDR", CustomParser = Addresses };
        var days = DaysOption.Of((int)HomeCertificates.Lifetime.TotalDays);
        Check(name, IsFileName, "is not a name such as etcd (and ca is the CA's)");
        Check(dnsNames, IsDnsName, "is not a DNS name");
        var command = new Command("issue", "Issue a certificate signed by the cluster's CA, for servers and clients; again for one that is there renews it with the same names.")
        {
            home, name, commonName, dnsNames, addresses, days,
        };
        command.SetAction((parsed, _) => BootstrapAction.RunAsync(screen, () => screen.Line(HomeCertificates.Issue(
            parsed.GetRequiredValue(home), parsed.GetRequiredValue(name), parsed.GetValue(commonName),
            [.. parsed.GetValue(dnsNames) ?? []], [.. parsed.GetValue(addresses) ?? []], TimeSpan.FromDays(parsed.GetRequiredValue(days)), TimeProvider.System).ToString())));
        return command;
    }

    private static bool IsFileName(string text) =>
        text != HomeAuthority.Name && text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0]) && text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.');

    private static bool IsDnsName(string text) =>
        Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) == UriHostNameType.Dns;

    private static void Check(Symbol symbol, Func<string, bool> isFine, string wrong)
    {
        void Validate(SymbolResult result)
        {
            foreach (var token in result.Tokens.Where(token => !isFine(token.Value)))
                result.AddError($"'{token.Value}' {wrong}");
        }

        if (symbol is Argument argument) argument.Validators.Add(Validate);
        if (symbol is Option option) option.Validators.Add(Validate);
    }

    private static IPAddress[] Addresses(ArgumentResult result)
    {
        var addresses = new List<IPAddress>();
        foreach (var token in result.Tokens)
        {
            if (IPAddress.TryParse(token.Value, out var address)) addresses.Add(address);
            else result.AddError($"--ip: '{token.Value}' is not an address");
        }

        return [.. addresses];
    }
}
