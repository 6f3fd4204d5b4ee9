using System.CommandLine;
using System.CommandLine.Invocation;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>The whole command tree.</summary>
internal static class Root
{
    public static RootCommand Create(Screen screen)
    {
        var query = new QueryOptions();
        return new RootCommand("Look into ClusterMesh's gateway and agent, and try them out.")
        {
            query.Admin,
            query.Agent,
            StatusCommand.Create(query, screen),
            new Command("service", "Global services as the gateway sees them.")
            {
                ServiceListCommand.Create(query, screen),
                ServiceGetCommand.Create(query, screen),
            },
            new Command("route", "Routes built from Ingress objects.") { RouteListCommand.Create(query, screen) },
            ExplainCommand.Create(query, screen),
            new Command("node", "Nodes of all clusters.") 
            {
                AgentListCommand.Create(query, screen, "The nodes of every cluster, their addresses, pod networks, and whether they answer.", (agent, cancel) => agent.NodesAsync(cancel), NodeListView.Print),
            },
            new Command("identity", "Identities of all clusters.") 
            {
                AgentListCommand.Create(query, screen, "The identities of every cluster, and the labels that they stand for.", (agent, cancel) => agent.IdentitiesAsync(cancel), IdentityListView.Print),
            },
            EndpointCommand.Create(query, screen),
            BpfCommand.Create(query, screen),
            new Command("policy", "Network policies.") { PolicyTraceCommand.Create(query, screen) },
            ObserveCommand.Create(query, screen),
            new Command("ca", "The certificate authority of a cluster.") { CaInitCommand.Create(screen) },
            new Command("cert", "Certificates signed by a cluster's authority.") { CertIssueCommand.Create(screen) },
            new Command("etcd", "The etcd of a cluster.") { EtcdInitCommand.Create(screen) },
            ConnectCommand.Create(screen),
            ConnectCommand.CreateOpposite(screen),
            new Command("remote", "Other clusters that this one reads.") { RemoteInspectCommand.Create(query, screen) },
            EchoCommand.Create(screen),
            DemoCommand.Create(screen),
            LabCommand.Create(query, screen),
        };
    }

    /// <summary>Runs one command line; a wrong one ends with <see cref="ExitCode.Usage"/>.</summary>
    public static async Task<int> InvokeAsync(string[] args, Screen screen, InvocationConfiguration configuration)
    {
        var parsed = Create(screen).Parse(args);
        // A whole page of help would bury the one line that tells what is wrong.
        if (parsed.Action is ParseErrorAction wrong)
            wrong.ShowHelp = parsed.CommandResult.Command.Subcommands.Count > 0;
        var code = await parsed.InvokeAsync(configuration);
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }
}
