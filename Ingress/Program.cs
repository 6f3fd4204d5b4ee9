using System.CommandLine;
using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Proxy.Listen;

// clustermesh-ingress: flags, file and environment -> checked options -> the gateway, until SIGTERM.
var root = new RootCommand("ClusterMesh ingress: routes outside requests to the backends of several clusters.");
var options = Flag.All.ToDictionary(flag => flag, flag => new Option<string[]>("--" + flag.Name)
{
    Description = $"{flag.Text} (environment: {flag.Variable})",
    HelpName = flag.Placeholder,
    AllowMultipleArgumentsPerToken = false,
    Arity = ArgumentArity.OneOrMore,
});
foreach (var option in options.Values) root.Options.Add(option);
root.SetAction(async (line, _) =>
{
    var values = FlagValues.Read(flag => line.GetValue(options[flag]) ?? [], Environment.GetEnvironmentVariables());
    var (settings, errors) = new OptionsReader(values).Read();
    foreach (var error in errors) Console.Error.WriteLine($"clustermesh-ingress: {error}");
    if (settings is null) return 2;
    KestrelSetup.SetSwitches(settings.Listen.Inline);
    return await new Gateway(settings, TimeProvider.System).RunAsync();
});
return await root.Parse(args).InvokeAsync();
