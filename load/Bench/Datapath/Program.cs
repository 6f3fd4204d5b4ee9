// The data path against the kernel's own, in network namespaces of this process, both sides in turn and pinned to one core. Prints
// "ratio NAME VALUE" and "value NAME VALUE UNIT". --quick tries the harness; its figures mean nothing.
using ClusterMesh.DatapathBench;
using ClusterMesh.DatapathBench.Redirect;
using ClusterMesh.Load.Bench;

var missing = Requirements.Missing();
if (missing is not null)
{
    Console.WriteLine($"# the data path is not measured: {missing}");
    return 0;
}

// Without them figures cannot be compared.
if (!PrivateMounts.Inside)
{
    foreach (var line in MachineFacts.Lines()) Console.WriteLine(line);
}

var size = args.Contains("--quick") ? BenchSize.Quick : BenchSize.Full;
// What follows -- is for the agent.
var flags = args.SkipWhile(arg => arg != "--").Skip(1).ToArray();
args = args[..(args.Length - flags.Length)];
bool Wanted(string name) => args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray() is var names && (names.Length == 0 || names.Contains(name));
if (Wanted("paths")) PathBench.Run(size);
if (Wanted("services")) ServiceBench.Run(size);
if (Wanted("agent")) AgentBench.Run(size, flags);
string[] redirects = [.. new[] { "redirect", "beside", "proxy" }.Where(Wanted)];
if (redirects.Length == 0) return 0;
if (Requirements.MissingForRedirect() is { } lacking)
{
    Console.WriteLine($"# the redirect is not measured: {lacking}");
    return 0;
}

if (!PrivateMounts.Inside) return PrivateMounts.Run([.. redirects, .. args.Where(arg => arg.StartsWith("--", StringComparison.Ordinal))]);
if (Wanted("redirect")) RedirectBench.Run(size);
if (Wanted("beside")) BesideBench.Run(size);
if (Wanted("proxy")) ProxyCostBench.Run(size);
return 0;
